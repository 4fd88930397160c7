#pragma once

#include <corostream/core/stream.hpp>
#include <corostream/time/detail/judged_before.hpp>
#include <corostream/time/event_clock.hpp>
#include <corostream/time/side_stream.hpp>
#include <corostream/time/time_counts.hpp>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace corostream::detail {

/// What `event_time` was asked for.
struct event_time_options {
    duration bound;
    duration idle_after = std::chrono::seconds(5);
    duration max_future = duration::max();
    bool future_fails = false;
    bool untimed_arrives = false;
    time_counts* counts = nullptr;
};

/// Takes the time that rides beside the element.
struct own_time {};

/// 73,000 years: bounds of windows on either side can still be told.
inline constexpr duration farthest_time{std::int64_t{1} << 61U};

/// Whether windows around `t` could not be told; also true for `no_time`.
inline bool is_far(time_point t)
{
    // one comparison for both sides: what is below wraps around
    const auto above = static_cast<std::uint64_t>(t.time_since_epoch().count())
                     + static_cast<std::uint64_t>(farthest_time.count());
    return above > 2 * static_cast<std::uint64_t>(farthest_time.count());
}

/// The nearest moment that is not far.
inline time_point near(time_point t)
{
    return time_point(std::clamp(t.time_since_epoch(), -farthest_time, farthest_time));
}

/// Any moment in our unit, kept to where windows can be told.
template <class Duration>
time_point to_time(std::chrono::sys_time<Duration> t)
{
    return near(time_point(to_duration(t.time_since_epoch())));
}
template <class Duration>
time_point to_time(const std::optional<std::chrono::sys_time<Duration>>& t)
{
    return t ? to_time(*t) : no_time;
}

/// Gives elements their event time, and keeps the watermarks. A stage below finds the clock by
/// `event_time()`.
template <stream Up, class Projection, class Future>
class event_time_stage : public stage_over<Up> {
public:
    using value_type = typename Up::value_type;

    event_time_stage(Up up, event_time_options options, Projection projection, Future future)
        : stage_over<Up>(std::move(up))
        , options_(options)
        , projection_(std::move(projection))
        , future_(std::move(future))
        , clock_(options.bound, options.idle_after)
    {
    }

    template <class Sink>
    asio::awaitable<pumped> pump(Sink next, time_point until)
    {
        // the source hears before its first batch that times matter
        if constexpr (requires { this->source().standings(standings_); })
            if (standings_.empty()) this->source().standings(standings_);
        if (tells || options_.future_fails) return pump_and_tell(std::move(next), until);
        return this->up_.pump(sink<Sink>{next, this}, until);
    }

    event_time_stage& event_time() { return *this; }

    /// The watermark of the partition whose elements come now.
    time_point at_hand() const { return clock_.at_hand(); }
    time_point watermark_of(partition_id p) const { return clock_.of(p); }
    bool has_ended(partition_id p) const { return clock_.has_ended(p); }

    /// The stream's watermark as of `now`.
    time_point refresh(time_point now)
    {
        now_ = now;
        standings_.clear();
        if constexpr (requires { this->source().standings(standings_); })
            this->source().standings(standings_);
        else clock_.standings(standings_);
        for (const auto& s : standings_) know(s.partition);
        clock_.update(standings_, now);
        remember_raised();
        return clock_.watermark();
    }

    bool is_idle() const { return clock_.is_idle(); }
    /// Others that are merged with this stream have come to `to`, and this one is idle.
    void take_along(time_point to)
    {
        clock_.take_along(standings_, now_, to);
        remember_raised();
    }

    /// Something waits for the watermark to come to `time`.
    void want(time_point time)
    {
        clock_.want(time);
        if constexpr (requires { this->source().want_proof(time); })
            this->source().want_proof(clock_.proof_due(standings_, now_));
    }

private:
    /// Somebody hears of what was too far ahead.
    static constexpr bool tells = !std::same_as<Future, dropped>;

    template <class Next>
    struct sink {
        Next next;
        event_time_stage* stage;
        time_point arrival{}, limit{};
        partition_id partition = 0;

        void begin(const batch& b)
        {
            stage->know(b.partition);
            stage->clock_.open(b.partition, b.arrival);
            arrival = b.arrival;
            limit = stage->limit_of(b.partition, arrival);
            partition = b.partition;
            next.begin(b);
        }
        bool push(value_type&& v, const element& e)
        {
            const auto time = stage->time_of(v, e, arrival);
            if (time > limit) [[unlikely]]
                if (stage->refuses(v, {time, e.offset}, partition, arrival, limit)) return true;
            stage->clock_.observe(time);
            return next.push(std::move(v), {time, e.offset});
        }
        void end(const batch& b) { next.end(b); }
        void revoke(partition_id p)
        {
            stage->clock_.revoke(p);
            stage->before_.revoke(p);
            next.revoke(p);
        }
    };

    template <class Sink>
    asio::awaitable<pumped> pump_and_tell(Sink next, time_point until)
    {
        const auto got = co_await this->up_.pump(sink<Sink>{std::move(next), this}, until);
        if constexpr (decltype(future_)::waits) co_await future_.deliver();
        for (const auto& [p, what] : refused_) remember(p, what); // told now, not before
        refused_.clear();
        co_return got;
    }

    /// After a restart it is refused again, and not told.
    void remember(partition_id p, const timed_place& refused)
    {
        if constexpr (requires { this->source().refuse(p, refused); })
            this->source().refuse(p, refused);
    }
    /// After a restart idle partitions have come as far.
    void remember_raised()
    {
        if constexpr (requires { this->source().raise(partition_id(), now_); })
            for (const auto& s : standings_)
                if (clock_.take_raised(s.partition))
                    this->source().raise(s.partition, clock_.of(s.partition));
    }

    void know(partition_id p)
    {
        if (clock_.knows(p)) return;
        resume_point from;
        if constexpr (requires { this->source().resumed(p); }) from = this->source().resumed(p);
        clock_.resume(p, from.watermark);
        before_.resume(p, std::move(from));
    }

    /// Later times than that are looked at: all, where the clock had decided before a restart.
    time_point limit_of(partition_id p, time_point arrival) const
    {
        if (before_.knows(p)) return time_point::min();
        return time_after(arrival, options_.max_future);
    }

    time_point time_of(const value_type& v, const element& e, time_point arrival)
    {
        auto time = e.time;
        if constexpr (!std::same_as<Projection, own_time>)
            time = to_time(std::invoke(projection_, v));
        if (is_far(time)) [[unlikely]] {
            if (time != no_time) return near(time);
            if (!options_.untimed_arrives)
                throw std::runtime_error("event_time: it has no timestamp; event_time(...)"
                                         ".untimed(untimed::arrives) takes when it came");
            return arrival;
        }
        return time;
    }

    /// Whether it is too far ahead, or was when it came before a restart: that has been told then.
    [[gnu::noinline]] bool refuses(
        value_type& v, const element& e, partition_id p, time_point arrival, time_point& look_from)
    {
        clock_.raise(before_.raised(p, e.offset));
        if (before_.refused(p, e)) return true;
        look_from = limit_of(p, arrival);
        const auto limit = time_after(arrival, options_.max_future);
        if (e.time <= limit) return false;
        const timed_place what{e.offset, limit};
        if (tells || options_.future_fails) refused_.emplace_back(p, what);
        else remember(p, what);
        if (options_.future_fails)
            throw std::runtime_error(
                "event_time: its timestamp is "
                + std::to_string((e.time - arrival) / std::chrono::milliseconds(1))
                + " ms ahead of the clock, more than max_future, "
                + std::to_string(options_.max_future / std::chrono::milliseconds(1)) + " ms");
        if (options_.counts) ++options_.counts->future;
        future_.divert(std::move(v), e);
        return true;
    }

    event_time_options options_;
    [[no_unique_address]] Projection projection_;
    [[no_unique_address]] side_stream<Future, value_type> future_;
    event_clock clock_;
    judged_before before_;
    std::vector<std::pair<partition_id, timed_place>> refused_; // in the pump at work
    std::vector<partition_standing> standings_;
    time_point now_{};
};

} // namespace corostream::detail
