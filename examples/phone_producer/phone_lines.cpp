#include <phone_producer/phone_lines.hpp>

#include <cerrno>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace phone_producer {

phone_lines::phone_lines(const boost::asio::any_io_executor& executor, int file, std::string name)
    : ready_(executor, file)
    , file_(file)
    , name_(std::move(name))
{
}

boost::asio::awaitable<std::optional<std::string_view>> phone_lines::next()
{
    for (;;) {
        const auto newline = buffer_.find('\n', searched_);
        const bool last = newline == std::string::npos && end_;
        if (last && line_ == buffer_.size()) co_return std::nullopt;
        if (newline != std::string::npos || last) {
            const auto line
                = std::string_view(buffer_).substr(line_, last ? newline : newline - line_);
            searched_ = line_ = last ? buffer_.size() : newline + 1;
            co_return line;
        }
        searched_ = buffer_.size();
        co_await read_more();
    }
}

boost::asio::awaitable<void> phone_lines::read_more()
{
    constexpr std::size_t much = 65536;
    co_await ready_.wait();
    buffer_.erase(0, line_);
    searched_ -= std::exchange(line_, 0);
    const auto old = buffer_.size();
    buffer_.resize(old + much);
    const auto got = ::read(file_, buffer_.data() + old, much);
    buffer_.resize(old + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), name_);
    end_ = got == 0;
}

} // namespace phone_producer
