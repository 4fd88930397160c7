#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstdint>
#include <functional>

namespace support {

/// Takes over SIGINT and SIGTERM: the first asks the program to stop, a second one ends it at once,
/// whatever it is doing, with exit code 130. (Asio's signal_set could not: it needs the loop to
/// run.) One at a time.
class stop_signals {
public:
    /// Calls `stop` on the executor at the first signal.
    stop_signals(const boost::asio::any_io_executor& executor, std::function<void()> stop);
    stop_signals(const stop_signals&) = delete;
    stop_signals& operator=(const stop_signals&) = delete;
    ~stop_signals();

    /// True once the first signal has come, also while the loop is busy.
    static bool received();

private:
    boost::asio::posix::stream_descriptor event_;
    std::uint64_t count_ = 0;
};

} // namespace support
