#pragma once

#include <corostream/core/time.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>

namespace corostream {

namespace asio = boost::asio;

/// Where a clock takes its time from; a test puts a virtual one in its place.
class time_source {
public:
    virtual ~time_source() = default;
    /// The present moment. Never goes back.
    virtual time_point now() const = 0;
    /// Makes `timer` expire at `until`.
    virtual void arm(asio::steady_timer& timer, time_point until) = 0;
    /// Tells that `timer` no longer waits.
    virtual void disarm(asio::steady_timer& timer) = 0;
};

/// Real time: the wall clock as it stood when the process first asked, moved on by the steady
/// clock. So it starts aligned to the epoch and never jumps, whatever is done to the wall clock
/// later.
class real_time final : public time_source {
public:
    time_point now() const override
    {
        return wall_ + std::chrono::floor<duration>(std::chrono::steady_clock::now() - steady_);
    }

    void arm(asio::steady_timer& timer, time_point until) override
    {
        // the steady clock counts nanoseconds, so it cannot tell all our moments; a century is as
        // good as never
        const auto ahead = std::max(until, wall_) - wall_;
        const bool told = ahead < std::chrono::years(100);
        timer.expires_at(told ? steady_ + ahead : std::chrono::steady_clock::time_point::max());
    }

    void disarm(asio::steady_timer&) override {}

private:
    std::chrono::steady_clock::time_point steady_ = std::chrono::steady_clock::now();
    time_point wall_ = std::chrono::floor<duration>(std::chrono::system_clock::now());
};

/// The clock of an execution context. Every part of a pipeline asks this one, so a virtual clock
/// drives them all.
class clock final : public asio::execution_context::service {
public:
    using key_type = clock;
    static inline asio::execution_context::id id;

    explicit clock(asio::execution_context& context)
        : service(context)
    {
    }

    /// The clock of the context behind `executor`. Cost: a look-up under a lock, so keep the
    /// reference.
    static clock& of(const asio::any_io_executor& executor)
    {
        return asio::use_service<clock>(asio::query(executor, asio::execution::context));
    }

    time_point now() const { return source_->now(); }
    void arm(asio::steady_timer& timer, time_point until) { source_->arm(timer, until); }
    void disarm(asio::steady_timer& timer) { source_->disarm(timer); }

    /// Takes the time from `source` from now on; null returns to real time. `source` must outlive
    /// its use.
    void use(time_source* source) { source_ = source ? source : &real_; }

private:
    void shutdown() override {}

    real_time real_;
    time_source* source_ = &real_;
};

} // namespace corostream
