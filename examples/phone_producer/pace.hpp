#pragma once

#include <corostream/core/wakeup.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>

namespace phone_producer {

/// Lets its user go so many times a second. Turns that were missed are made up for, so the rate
/// holds on average.
class pace {
public:
    /// `rate` a second; 0 for as fast as it goes.
    pace(const boost::asio::any_io_executor& executor, double rate);

    /// Completes when it is time for the next turn, the first at once.
    boost::asio::awaitable<void> turn();

private:
    boost::asio::any_io_executor executor_;
    corostream::wakeup due_;
    double rate_;
    std::uint64_t turns_ = 0;
    corostream::time_point start_;
};

} // namespace phone_producer
