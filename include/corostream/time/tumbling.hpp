#pragma once

#include <corostream/time/detail/grid.hpp>

namespace corostream {

/// Windows of one size that neither overlap nor leave gaps: `[begin, begin + size)`, begin a
/// multiple of `size` after the epoch, plus `offset`. The same on every machine and after every
/// restart.
///
/// Holds a share, of a keyed aggregate a row a key, a partition and open window; an element costs
/// two comparisons besides the aggregate, if it is in the window that the one before was in.
class tumbling {
public:
    /// Throws `std::invalid_argument` unless `size` is positive, no more than 1000 years (so that
    /// the end of a window can be told), and `offset` less than it in magnitude.
    explicit tumbling(duration size, duration offset = {})
        : grid_{size, offset}
    {
        detail::require_positive("size", size);
        detail::require_offset(offset, "size", size);
    }

    duration size() const { return grid_.step; } ///< of each window
    duration offset() const { return grid_.offset; } ///< by which a window begins after a multiple
    /// The same windows, `by` after the epoch.
    tumbling shifted(duration by) const { return tumbling(size(), by); }

    /// Begin of the window that `time` falls into, also for times before the epoch.
    time_point begin_of(time_point time) const { return grid_.floor(time); }

    /// @name What all windows made of panes tell
    /// `overlap` is how they share these; a pane is `pane()` long, and that of `time` begins at
    /// `pane_of(time)`. `end_after(time)` is where the first window ends that does after `time`,
    /// `begin_of_end(end)` where the one that ends at `end` begins, and `last_end(pane)` where the
    /// last one ends that has the pane which begins at `pane`.
    /// @{
    static constexpr auto overlap = detail::overlap::none;
    duration pane() const { return size(); }
    time_point pane_of(time_point time) const { return grid_.floor(time); }
    time_point end_after(time_point time) const { return grid_.after(time); }
    time_point begin_of_end(time_point end) const { return end - size(); }
    time_point last_end(time_point pane) const { return pane + size(); }
    /// @}

private:
    detail::grid grid_;
};

} // namespace corostream
