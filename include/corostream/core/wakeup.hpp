#pragma once

#include <corostream/core/clock.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <utility>

namespace corostream {

/// A condition variable with a deadline, for coroutines of one executor: a wait carries no data, so it can end for any
/// reason and nothing is lost. Check the condition, wait, check again.
///
/// Distinct objects: safe. Shared objects: unsafe. Must outlive its waits.
class wakeup {
public:
    explicit wakeup(const asio::any_io_executor& executor)
        : clock_(&clock::of(executor))
        , timer_(executor, asio::steady_timer::time_point::max())
    {
    }
    wakeup(const wakeup&) = delete;
    wakeup& operator=(const wakeup&) = delete;
    ~wakeup() { clock_->disarm(timer_); }

    /// Resumes whoever waits. Without a waiter it does nothing.
    void notify() { timer_.cancel(); }

    /// Waits for `notify()` or for `until`, whichever comes first. Returns early at times, as condition variables do.
    /// Only one waiter may have a deadline. Ends with `operation_aborted` when cancelled. Cost: a timer's system calls,
    /// about a microsecond, so look for data first.
    asio::awaitable<void> wait(time_point until = never)
    {
        clock_->arm(timer_, until);
        boost::system::error_code woken; // by expiry or by notify(): the caller looks for itself
        auto token = asio::redirect_error(asio::use_awaitable, woken);
        co_await timer_.async_wait(token);
        clock_->disarm(timer_);
        co_await asio::this_coro::throw_if_cancelled(); // a cancellation may look like a notify()
    }

    corostream::clock& clock() const { return *clock_; }

private:
    corostream::clock* clock_;
    asio::steady_timer timer_;
};

} // namespace corostream
