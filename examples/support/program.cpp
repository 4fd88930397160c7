#include <corostream/core/error.hpp>
#include <corostream/kafka/config.hpp>
#include <corostream/kafka/error.hpp>
#include <support/early_exit.hpp>
#include <support/exit_code.hpp>
#include <support/program.hpp>
#include <support/stop_signals.hpp>
#include <support/usage_error.hpp>

#include <boost/asio/co_spawn.hpp>

#include <csignal>
#include <exception>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace support {

namespace {

/// Started with one of them closed, a program would get it back as the next file or socket it
/// opens.
void open_standard_files()
{
    for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(file, F_GETFD) < 0)
            ::open("/dev/null", O_RDONLY); // writing to it fails, as it should
}

} // namespace

program::program(const std::string& name)
    : errors_(name)
    , out_(loop_.get_executor(), STDOUT_FILENO, "standard output")
{
    open_standard_files();
    std::signal(
        SIGPIPE, SIG_IGN); // a closed pipe is an error of write(), and no end of the process
    out_.on_failure([this] { stop_.request_stop(); });
}

int program::run(const std::function<boost::asio::awaitable<int>()>& start)
{
    try {
        const auto code = run_loop(start);
        out_.flush();
        return code;
    } catch (const closed_pipe&) {
        return exit_success;
    } catch (const usage_error& e) {
        errors_.say(e.what());
        return exit_usage;
    } catch (const corostream::kafka::config_error& e) {
        errors_.say(e.what());
        return exit_usage;
    } catch (const corostream::kafka::error& e) { // this and the next are escaped already
        errors_.say(e.what());
    } catch (const corostream::element_error& e) {
        errors_.say(e.what());
    } catch (...) {
        errors_.say(corostream::what_of(std::current_exception()));
    }
    return exit_failure;
}

int program::run_loop(const std::function<boost::asio::awaitable<int>()>& start)
{
    int code = exit_failure;
    std::exception_ptr failure;
    try {
        auto work = start();
        const stop_signals signals(executor(), [this] { stop_.request_stop(); });
        boost::asio::co_spawn(loop_, std::move(work), [&](std::exception_ptr e, int yielded) {
            failure = std::move(e);
            code = yielded;
            loop_.stop();
        });
        loop_.run();
    } catch (const early_exit& e) {
        out_.write(e.text());
        return exit_success;
    }
    if (failure) std::rethrow_exception(failure);
    return code;
}

} // namespace support
