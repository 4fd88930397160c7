#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace support {

/// Waits until a file can be read, whatever it is: terminal, pipe, socket or plain file.
///
/// Asio would make the file itself non-blocking, which whoever shares it (the shell, for one)
/// doesn't expect, and has no plain files. So an epoll of our own watches the file, and Asio that.
class readiness {
public:
    readiness(const boost::asio::any_io_executor& executor, int file);

    boost::asio::awaitable<void> wait();

private:
    boost::asio::posix::stream_descriptor watch_;
    bool always_ = false;
};

} // namespace support
