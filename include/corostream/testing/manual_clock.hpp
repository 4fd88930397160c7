#pragma once

#include <corostream/core/clock.hpp>

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <vector>

namespace corostream::testing {

/// Virtual time for one `io_context`: it stands still until a test moves it on, and then passes
/// every deadline on the way in order. A test of hours takes microseconds and always runs the same.
///
/// The context must not be run by others meanwhile. Must outlive every pipeline that runs on it.
class manual_clock final : public time_source {
public:
    /// Takes over the clock of `context`; time begins at `start`, by default at the epoch.
    explicit manual_clock(asio::io_context& context, time_point start = time_point())
        : context_(&context)
        , now_(start)
    {
        clock::of(context.get_executor()).use(this);
    }
    manual_clock(const manual_clock&) = delete;
    manual_clock& operator=(const manual_clock&) = delete;
    ~manual_clock() override { clock::of(context_->get_executor()).use(nullptr); }

    time_point now() const override { return now_; }

    /// Runs all that is ready now, without moving time.
    void settle() { advance_to(now_); }

    /// Moves time on by `by`, stopping at each deadline on the way and running what it makes ready.
    template <class Rep, class Period>
    void advance(std::chrono::duration<Rep, Period> by)
    {
        advance_to(now_ + std::chrono::floor<duration>(by));
    }

    /// Moves time on to `target`; never back.
    void advance_to(time_point target)
    {
        for (run(); !waiting_.empty() && next_deadline() <= target; run()) wake_next();
        now_ = std::max(now_, target);
    }

    /// Moves time on to the next deadline and runs what it makes ready. Returns false if nothing
    /// waits for one.
    bool advance_to_next()
    {
        run();
        if (waiting_.empty()) return false;
        advance_to(next_deadline());
        return true;
    }

    /// How many waits have a deadline.
    std::size_t waiting() const { return waiting_.size(); }

private:
    struct waiter {
        time_point until;
        asio::steady_timer* timer;
    };

    void arm(asio::steady_timer& timer, time_point until) override
    {
        disarm(timer);
        timer.expires_at(asio::steady_timer::time_point::max());
        if (until != never) waiting_.push_back({until, &timer});
    }

    void disarm(asio::steady_timer& timer) override
    {
        std::erase_if(waiting_, [&](const waiter& w) { return w.timer == &timer; });
    }

    auto next() const
    {
        return std::min_element(
            waiting_.begin(), waiting_.end(), [](auto& a, auto& b) { return a.until < b.until; });
    }
    time_point next_deadline() const { return next()->until; }

    void run()
    {
        context_->restart();
        context_->poll();
    }

    void wake_next()
    {
        const auto [until, timer] = *next();
        now_ = std::max(now_, until);
        disarm(*timer);
        timer->cancel();
    }

    asio::io_context* context_;
    time_point now_;
    std::vector<waiter> waiting_;
};

} // namespace corostream::testing
