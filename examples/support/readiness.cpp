#include <support/readiness.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <sys/epoll.h>
#include <system_error>

namespace support {

readiness::readiness(const boost::asio::any_io_executor& executor, int file)
    : watch_(executor, ::epoll_create1(EPOLL_CLOEXEC))
{
    epoll_event event{};
    event.events = EPOLLIN;
    if (::epoll_ctl(watch_.native_handle(), EPOLL_CTL_ADD, file, &event) == 0) return;
    if (errno != EPERM) throw std::system_error(errno, std::generic_category(), "watching a file");
    always_ = true; // a plain file
}

boost::asio::awaitable<void> readiness::wait()
{
    using boost::asio::posix::stream_descriptor;
    if (!always_)
        co_await watch_.async_wait(stream_descriptor::wait_read, boost::asio::use_awaitable);
}

} // namespace support
