#pragma once

#include <corostream/core/closure.hpp>
#include <corostream/core/windowed.hpp>
#include <corostream/time/detail/state_for.hpp>
#include <corostream/time/tumbling.hpp>
#include <corostream/time/window_stage.hpp>

#include <chrono>
#include <concepts>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace corostream {

/// How `window(...)` cuts a stream; see there. Each member returns a copy.
template <class Windows, class Late = detail::dropped, bool TellsAgain = false>
class window_closure : public closure {
public:
    /// What `window(windows)` yields; the members set the options, and where late elements go.
    explicit window_closure(Windows windows, detail::window_options options = {}, Late late = {})
        : windows_(std::move(windows))
        , options_(options)
        , late_(std::move(late))
    {
    }

    /// Shifts all boundaries by `by`, less than the size (of hopping windows: the hop). Throws
    /// `std::invalid_argument` if it is not.
    template <class Rep, class Period>
    window_closure offset(std::chrono::duration<Rep, Period> by) const
    {
        constexpr bool on_a_grid = requires { windows_.shifted(duration()); };
        static_assert(on_a_grid,
            "corostream: window(...).offset(d): only tumbling, hopping and cumulative windows have "
            "boundaries to shift");
        if constexpr (on_a_grid)
            return window_closure(windows_.shifted(to_duration(by)), options_, late_);
    }

    /// Emits windows without elements too: by arrival from the one in which the stream began, by
    /// event time from the first that had an element.
    window_closure emit_empty() const
    {
        constexpr bool on_a_grid = requires { windows_.shifted(duration()); };
        static_assert(on_a_grid,
            "corostream: window(...).emit_empty(): only tumbling, hopping and cumulative windows "
            "can be empty");
        auto other = *this;
        other.options_.emit_empty = true;
        return other;
    }

    /// Tells every `every` of the clock what the windows have so far in which something has
    /// changed, marked `emission::early`. Throws `std::invalid_argument` unless it is positive.
    ///
    /// That of a session has the bounds it has by then. Later elements may widen them: what
    /// completes it holds the early bounds and elements, and nothing is retracted, since a restart
    /// could not know what was told early. Whoever keeps early rows lets one go when a row of its
    /// key comes whose bounds hold its own.
    template <class Rep, class Period>
    window_closure<Windows, Late, true> early(std::chrono::duration<Rep, Period> every) const
    {
        constexpr bool grows = requires { windows_.pane(); } || requires { windows_.gap(); };
        static_assert(grows,
            "corostream: window(...).early(d): windows that slide with each event are complete "
            "with it, and windows of elements are told when they are full: there is nothing to "
            "tell early");
        detail::require_positive("period of early results", to_duration(every));
        auto options = options_;
        options.early = to_duration(every);
        return window_closure<Windows, Late, true>(windows_, options, late_);
    }

    /// An element that is late for a window is added all the same until the watermark of its
    /// partition has come `late` behind the window's end: the window is told again, whole, marked
    /// `emission::update`, at the next bound of a window after that watermark (of sessions: the
    /// next multiple of the gap; those that slide at once). Sessions that it changes the bounds of,
    /// or makes one, are first told once more with what they had, marked `emission::retracted`.
    /// What windows had is kept for that long, and so are the offsets from being committed. Throws
    /// `std::invalid_argument` if it is negative or more than 1000 years.
    template <class Rep, class Period>
    window_closure<Windows, Late, true> allowed(std::chrono::duration<Rep, Period> late) const
    {
        constexpr bool on_a_grid = requires { windows_.shifted(duration()); };
        constexpr bool ends_by_events = requires { windows_.gap(); } || requires {
            { windows_.size() } -> std::same_as<duration>;
        };
        static_assert(on_a_grid || ends_by_events,
            "corostream: window(...).allowed(d): nothing is late for windows of elements and for "
            "global ones");
        if (late != decltype(late)::zero())
            detail::require_positive("allowed lateness", to_duration(late));
        auto options = options_;
        options.allowed = to_duration(late);
        return window_closure<Windows, Late, true>(windows_, options, late_);
    }

    /// Gives elements that are late for all their windows to `to(value)` or `to(value, element)`,
    /// with the value as it reaches the aggregate, instead of dropping them: to a function as they
    /// come, to a coroutine one after another when the pump is through that brought them. They are
    /// not acknowledged before it has completed; what it throws ends the stream.
    template <class F>
    window_closure<Windows, F, TellsAgain> late_to(F to) const
    {
        return window_closure<Windows, F, TellsAgain>(windows_, options_, std::move(to));
    }

    /// Where to count late elements.
    window_closure count(time_counts& into) const
    {
        auto other = *this;
        other.options_.counts = &into;
        return other;
    }

    /// Cuts `up`. Yields a `windowed`: no stream before an aggregate closes it.
    template <stream Up>
    auto operator()(Up up) &&
    {
        static_assert(std::same_as<Late, detail::dropped> || has_event_time<Up>,
            "corostream: window(...).late_to(f): nothing is late by arrival; put "
            "event_time(bound) before the window");
        return windowed<Up, window_closure>(std::move(up), std::move(*this));
    }

    /// What an aggregate calls: yields a stage of one result a window; see `window(...)`.
    template <class Up, class Aggregate>
    auto close(Up up, Aggregate aggregate) &&
    {
        using state = typename detail::state_for<Windows>::template type<Aggregate, TellsAgain>;
        static_assert(std::copy_constructible<typename state::share_type>
                          || !(TellsAgain || state::needs_copies),
            "corostream: what an aggregate has of such a window is copied, since other windows "
            "share it or it is told more than once: its values must be copyable");
        static_assert(detail::side_stream_for<Late, typename Up::value_type>,
            "corostream: window(...).late_to(f): f is not callable with what reaches the "
            "aggregate");
        return detail::window_stage<Up, state, Late, TellsAgain>(
            std::move(up), state(windows_, options_, std::move(aggregate)), options_, late_);
    }

private:
    Windows windows_;
    detail::window_options options_;
    Late late_;
};

/// Cuts a stream into windows: `tumbling(4s)`, `hopping(1min, 1s)`, `cumulative(1min, 1h)`,
/// `sliding(1min)`, `session(10s)`, `elements(100)`, `global(every(1s))`. After `event_time(...)`
/// an element belongs to the windows in which it happened, otherwise to those in which it arrived.
///
/// What follows up to an aggregate works inside the window, as in `stream | window(4s) | map(f) |
/// reduce_by_key(g)`; the aggregate yields one result a window, in order of its end. By arrival a
/// window fires when the clock reaches its end, also when nothing arrives; by event time when the
/// watermark does. One without elements only with `.emit_empty()`. When the input ends, the open
/// windows are emitted at once; after a graceful stop they are not: their input is not
/// acknowledged, and will be read again.
///
/// An element is late for a window once the watermark of its partition has come to the window's
/// end. One that is late for all its windows is dropped and counted (`.count(counts)`), or goes
/// where `.late_to(f)` says.
///
/// Cancellation: with the stream before it; open windows are dropped, unacknowledged. Cost: two
/// comparisons an element, besides the aggregate's; by arrival a timer for each wait.
template <class Windows>
    requires(!requires(Windows w) { std::chrono::floor<duration>(w); })
auto window(Windows windows)
{
    return window_closure<Windows>(std::move(windows));
}

/// Tumbling windows of `size` (microseconds at the finest). Throws `std::invalid_argument` if it is
/// not positive, or beyond 1000 years.
template <class Rep, class Period>
auto window(std::chrono::duration<Rep, Period> size)
{
    return window(tumbling(to_duration(size)));
}

} // namespace corostream
