#pragma once

#include <corostream/time/detail/grid.hpp>

#include <stdexcept>

namespace corostream {

/// Windows that grow by `step` up to `size` and then begin anew: `[begin, begin + step)`, `[begin,
/// begin + 2 step)` and so on to `[begin, begin + size)`, begin a multiple of `size` after the
/// epoch, plus `offset`: the day so far, told every minute. An element is added once.
///
/// Holds a share a partition for the window so far, and one for each pane of a `step` that may
/// still change; a window costs a merge for each pane that is new to it, and a copy of what it has.
class cumulative {
public:
    /// Throws `std::invalid_argument` unless `step` is positive, `size` a multiple of it and no
    /// more than 1000 years, and `offset` less than `size` in magnitude.
    cumulative(duration step, duration size, duration offset = {})
        : begins_{size, offset}
        , ends_{step, offset}
    {
        detail::require_positive("step", step);
        detail::require_positive("size", size);
        if (size % step != duration::zero())
            throw std::invalid_argument("window: the size " + detail::microseconds_text(size)
                                        + " is not a multiple of the step "
                                        + detail::microseconds_text(step));
        detail::require_offset(offset, "size", size);
    }

    duration step() const { return ends_.step; } ///< from one end to the next
    duration size() const { return begins_.step; } ///< of the longest window
    duration offset() const { return begins_.offset; } ///< by which one begins after a multiple
    /// The same windows, `by` after the epoch.
    cumulative shifted(duration by) const { return {step(), size(), by}; }

    /// @name What all windows made of panes tell; see `tumbling`
    /// @{
    static constexpr auto overlap = detail::overlap::growing;
    duration pane() const { return step(); }
    time_point pane_of(time_point time) const { return ends_.floor(time); }
    time_point end_after(time_point time) const { return ends_.after(time); }
    time_point begin_of_end(time_point end) const { return begins_.floor(end - duration(1)); }
    time_point last_end(time_point pane) const { return begins_.after(pane); }
    /// @}

private:
    detail::grid begins_, ends_;
};

} // namespace corostream
