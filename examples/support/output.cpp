#include <support/output.hpp>
#include <support/stop_signals.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <poll.h>
#include <unistd.h>

namespace support {

closed_pipe::closed_pipe()
    : std::runtime_error("the reader of the output has gone")
{
}

output::output(const boost::asio::any_io_executor& executor, int file, std::string name)
    : executor_(executor)
    , file_(file)
    , name_(std::move(name))
{
}

void output::write(std::string_view text)
{
    constexpr std::size_t much = 65536;
    if (failure_) return;
    buffer_ += text;
    if (buffer_.size() >= much) flush_some();
    else flush_soon();
}

void output::flush()
{
    flush_some();
    if (failure_ == std::errc::broken_pipe) throw closed_pipe();
    if (failure_) throw std::system_error(failure_, name_);
}

void output::flush_some() noexcept
{
    if (failure_ || buffer_.empty()) return;
    failure_ = write_fully(file_, buffer_);
    buffer_.clear();
    if (failure_ && on_failure_) on_failure_();
}

void output::flush_soon()
{
    if (flush_is_due_) return;
    flush_is_due_ = true;
    boost::asio::post(executor_, [this] {
        flush_is_due_ = false;
        flush_some();
    });
}

std::error_code write_fully(int file, std::string_view text)
{
    using clock = std::chrono::steady_clock;
    auto give_up = clock::time_point::max();
    while (!text.empty()) {
        // A write of up to PIPE_BUF bytes doesn't block once poll() has said so; a larger one
        // might, for ever.
        pollfd ready{file, POLLOUT, 0};
        const auto found = ::poll(&ready, 1, 100);
        if (found < 0 && errno != EINTR) return {errno, std::generic_category()};
        if (found <= 0) {
            if (!stop_signals::received()) continue;
            give_up = std::min(give_up, clock::now() + std::chrono::seconds(1));
            if (clock::now() >= give_up) return std::make_error_code(std::errc::timed_out);
            continue;
        }
        const auto written
            = ::write(file, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
        if (written >= 0) text.remove_prefix(static_cast<std::size_t>(written));
        else if (errno != EINTR && errno != EAGAIN) return {errno, std::generic_category()};
    }
    return {};
}

} // namespace support
