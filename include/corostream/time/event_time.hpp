#pragma once

#include <corostream/core/closure.hpp>
#include <corostream/time/event_time_stage.hpp>

#include <chrono>
#include <concepts>
#include <functional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace corostream {

/// What to do with an element too far ahead of the clock: end the stream.
struct fail_stream {};
inline constexpr fail_stream fail{}; ///< to say so: `max_future(1h, fail)`

/// What to do with an element without a timestamp.
enum class untimed : unsigned char {
    fails,   ///< it ends the stream
    arrives, ///< it happened when it came
};

namespace detail {

/// Whether `projection(value)` yields what can be made our time.
template <class Projection, class Value>
concept projects_to_time = requires(Projection& projection, const Value& v) {
    to_time(std::invoke(projection, v));
};

} // namespace detail

/// How `event_time(...)` takes the times of a stream; see there. Each member returns a copy.
template <class Projection, class Future = detail::dropped>
class event_time_closure : public closure {
public:
    /// What `event_time(...)` yields; the members set the options, and `future`.
    event_time_closure(detail::event_time_options options, Projection projection, Future future)
        : options_(options)
        , projection_(std::move(projection))
        , future_(std::move(future))
    {
    }

    /// A partition is idle, and keeps no window open, when it is proved that it has been read to
    /// its end and nothing has come for `quiet`; 5 s unless said otherwise. When all are, the wall
    /// clock closes windows, `quiet` and the bound after their end. A record that is on its way for
    /// longer than that can be late. Only a Kafka consumer can prove that; of other sources no
    /// partition is idle before it ends. Throws `std::invalid_argument` unless it is positive.
    template <class Rep, class Period>
    event_time_closure idle_after(std::chrono::duration<Rep, Period> quiet) const
    {
        auto other = *this;
        other.options_.idle_after = positive("idle_after", to_duration(quiet));
        return other;
    }

    /// No partition is ever idle: windows depend on the records alone, and one partition without
    /// records keeps them all open.
    event_time_closure never_idle() const
    {
        auto other = *this;
        other.options_.idle_after = duration::max();
        return other;
    }

    /// A timestamp more than `ahead` of the clock at arrival moves no watermark, and its element is
    /// dropped and counted. Without it any timestamp is taken.
    template <class Rep, class Period>
    event_time_closure max_future(std::chrono::duration<Rep, Period> ahead) const
    {
        auto other = *this;
        other.options_.max_future = positive("max_future", to_duration(ahead));
        return other;
    }

    /// The same, but such an element ends the stream.
    template <class Rep, class Period>
    event_time_closure max_future(std::chrono::duration<Rep, Period> ahead, fail_stream) const
    {
        auto other = max_future(ahead);
        other.options_.future_fails = true;
        return other;
    }

    /// The same, but such an element is counted and given to `to(value)` or `to(value, element)`:
    /// a function, or a coroutine as for `window(...).late_to`.
    template <class Rep, class Period, class F>
    auto max_future(std::chrono::duration<Rep, Period> ahead, F to) const
    {
        return event_time_closure<Projection, F>(
            max_future(ahead).options_, projection_, std::move(to));
    }

    /// What to do with an element without a timestamp; it fails unless said otherwise.
    event_time_closure untimed(corostream::untimed what) const
    {
        auto other = *this;
        other.options_.untimed_arrives = what == corostream::untimed::arrives;
        return other;
    }

    /// Where to count what is dropped.
    event_time_closure count(time_counts& into) const
    {
        auto other = *this;
        other.options_.counts = &into;
        return other;
    }

    /// Gives the elements of `up` their times. Yields a stage of the same elements.
    template <stream Up>
    auto operator()(Up up) &&
    {
        using value = typename Up::value_type;
        constexpr bool projects = std::same_as<Projection, detail::own_time>
                               || std::invocable<Projection&, const value&>;
        static_assert(projects,
            "corostream: event_time(projection, bound): projection is not callable with the "
            "stream's value_type");
        constexpr bool tells = detail::side_stream_for<Future, value>;
        static_assert(tells,
            "corostream: event_time(...).max_future(d, f): f is not callable with the stream's "
            "value_type");
        if constexpr (projects && tells) {
            constexpr bool yields = std::same_as<Projection, detail::own_time>
                                 || detail::projects_to_time<Projection, value>;
            static_assert(yields,
                "corostream: event_time(projection, bound): projection yields neither a "
                "std::chrono::sys_time nor a std::optional of one");
            if constexpr (yields)
                return detail::event_time_stage<Up, Projection, Future>(
                    std::move(up), options_, std::move(projection_), std::move(future_));
        }
    }

private:
    template <class, class>
    friend class event_time_closure;

    static duration positive(const char* what, duration d)
    {
        if (d <= duration::zero())
            throw std::invalid_argument("event_time: " + std::string(what) + ' '
                                        + std::to_string(d.count()) + " us is not positive");
        return d;
    }

    detail::event_time_options options_;
    Projection projection_;
    Future future_;
};

namespace detail {

inline event_time_options options_for(duration bound)
{
    if (bound < duration::zero() || bound > std::chrono::years(1000))
        throw std::invalid_argument("event_time: the bound " + std::to_string(bound.count())
                                    + " us is negative, or more than 1000 years");
    return {.bound = bound};
}

} // namespace detail

/// Lets windows further down go by when elements happened: by the time that their source knows, of
/// a Kafka record its timestamp.
///
/// Elements may come out of order by up to `bound` (microseconds at the finest): the watermark of a
/// partition is its highest time less the bound, that of the stream the lowest of its partitions,
/// and a window is emitted once the stream's watermark has come to its end. So the results depend
/// on the records alone: not on when they are read, in which turn the partitions are, nor how
/// batches are cut, as long as no partition is idle (see `idle_after`). `phones.messages() |
/// event_time(1s) | window(4s) | count_by(name)`.
///
/// Elements pass unchanged. Errors: `std::invalid_argument` for a negative bound; an element
/// without a timestamp ends the stream, unless `.untimed(untimed::arrives)`. Completes and is
/// cancelled with the stream before it. Cost: two comparisons an element.
template <class Rep, class Period>
auto event_time(std::chrono::duration<Rep, Period> bound)
{
    return event_time_closure<detail::own_time>(
        detail::options_for(to_duration(bound)), {}, {});
}

/// The same by a time of the element's own: `event_time(&order::placed_at, 5s)`. `projection` is
/// called once an element with a const reference and yields a `std::chrono::sys_time`, or a
/// `std::optional` of one.
template <class Projection, class Rep, class Period>
auto event_time(Projection projection, std::chrono::duration<Rep, Period> bound)
{
    return event_time_closure<Projection>(
        detail::options_for(to_duration(bound)), std::move(projection), {});
}

} // namespace corostream
