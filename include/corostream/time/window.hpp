#pragma once

#include <corostream/core/closure.hpp>
#include <corostream/core/windowed.hpp>
#include <corostream/time/tumbling.hpp>
#include <corostream/time/window_stage.hpp>

#include <chrono>
#include <utility>

namespace corostream {

/// How `window(d)` cuts a stream; see there.
class processing_time_window : public closure {
public:
    explicit processing_time_window(tumbling windows)
        : windows_(windows)
    {
    }

    /// Shifts all boundaries by `by`, less than the size. Throws `std::invalid_argument` if it is
    /// not.
    template <class Rep, class Period>
    processing_time_window offset(std::chrono::duration<Rep, Period> by) const
    {
        auto shifted = *this;
        shifted.windows_ = tumbling(windows_.size(), to_duration(by));
        return shifted;
    }

    /// Emits windows without elements too, from the one in which the stream began.
    processing_time_window emit_empty() const
    {
        auto every = *this;
        every.emit_empty_ = true;
        return every;
    }

    template <stream Up>
    auto operator()(Up up) &&
    {
        return windowed<Up, processing_time_window>(std::move(up), *this);
    }

    template <class Up, class Aggregate>
    auto close(Up up, Aggregate aggregate) &&
    {
        return detail::window_stage<Up, Aggregate>(std::move(up),
            detail::window_state<Aggregate>(windows_, emit_empty_, std::move(aggregate)));
    }

private:
    tumbling windows_;
    bool emit_empty_ = false;
};

/// Cuts a stream into tumbling windows of processing time: an element belongs to the window in
/// which it arrived. Windows are `[begin, end)`, aligned to the epoch, of `size` (microseconds at
/// the finest).
///
/// What follows up to an aggregate works inside the window, as in `stream | window(4s) | map(f) |
/// reduce_by_key(g)`; the aggregate yields one result a window, in order of its end. A window fires
/// when the clock reaches its end, also when nothing arrives; a window without elements only with
/// `.emit_empty()`. When the input ends, the open window is emitted at once; after a graceful stop
/// it is not: its input is not acknowledged, and will be read again.
///
/// Errors: throws `std::invalid_argument` if `size` is not positive or beyond 1000 years.
/// Cancellation: with the stream before it; an open window is dropped, unacknowledged. Cost: a
/// comparison an element, besides the aggregate's; a timer for each wait.
template <class Rep, class Period>
processing_time_window window(std::chrono::duration<Rep, Period> size)
{
    return processing_time_window(tumbling(to_duration(size)));
}

} // namespace corostream
