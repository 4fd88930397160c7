#pragma once

#include <corostream/core/clock.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <vector>

namespace corostream {

/// A condition variable with deadlines, for coroutines of one executor: a wait carries no data, so
/// it can end for any reason and nothing is lost. Check the condition, wait, check again.
///
/// Distinct objects: safe. Shared objects: unsafe.
class wakeup {
public:
    explicit wakeup(const asio::any_io_executor& executor)
        : executor_(executor)
        , clock_(&clock::of(executor))
    {
    }
    wakeup(const wakeup&) = delete;
    wakeup& operator=(const wakeup&) = delete;
    ~wakeup()
    {
        // an executor that goes away later still destroys their frames
        for (auto* w : waiters_) w->owner = nullptr;
    }

    /// Resumes all who wait. Without a waiter it does nothing.
    void notify()
    {
        for (auto* w : waiters_) w->timer.cancel();
    }

    /// Waits for `notify()` or for `until`, whichever comes first; may return early, as condition
    /// variables do. Ends with `operation_aborted` when cancelled. Cost: a timer's system calls,
    /// about a microsecond, so look for data first.
    asio::awaitable<void> wait(time_point until = never)
    {
        waiter self(*this, until);
        boost::system::error_code woken; // by expiry or by notify(): the caller looks for itself
        auto token = asio::redirect_error(asio::use_awaitable, woken);
        co_await self.timer.async_wait(token);
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) // it looks like a notify()
            throw boost::system::system_error(asio::error::operation_aborted);
    }

    corostream::clock& clock() const { return *clock_; }

private:
    struct waiter {
        waiter(wakeup& w, time_point until)
            : owner(&w)
            , time(w.clock_)
            , timer(w.executor_)
        {
            time->arm(timer, until);
            w.waiters_.push_back(this);
        }
        waiter(const waiter&) = delete;
        waiter& operator=(const waiter&) = delete;
        ~waiter()
        {
            time->disarm(timer);
            if (owner) std::erase(owner->waiters_, this);
        }

        wakeup* owner;
        corostream::clock* time;
        asio::steady_timer timer;
    };

    asio::any_io_executor executor_;
    corostream::clock* clock_;
    std::vector<waiter*> waiters_;
};

} // namespace corostream
