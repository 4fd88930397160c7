#include <support/exit_code.hpp>
#include <support/stop_signals.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace support {

namespace {

std::atomic<int> signals = 0;
std::atomic<int> event = -1;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may use no lock");

void handle(int)
{
    const auto saved = errno;
    if (signals.fetch_add(1) > 0) ::_exit(exit_at_once);
    constexpr std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(event, &one, sizeof one);
    errno = saved;
}

void set_handler(void (*handler)(int))
{
    struct sigaction action{};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
}

} // namespace

stop_signals::stop_signals(const boost::asio::any_io_executor& executor, std::function<void()> stop)
    : event_(executor, ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
    event = event_.native_handle();
    event_.async_read_some(boost::asio::buffer(&count_, sizeof count_),
        [stop = std::move(stop)](boost::system::error_code failed, std::size_t) {
            if (!failed) stop();
        });
    set_handler(handle);
}

stop_signals::~stop_signals()
{
    set_handler(SIG_DFL);
    event = -1;
}

bool stop_signals::received() { return signals > 0; }

} // namespace support
