#pragma once

#include <corostream/time/detail/grid.hpp>

#include <numeric>
#include <stdexcept>

namespace corostream {

/// Windows of one size that begin every `hop`: `[begin, begin + size)`, begin a multiple of `hop`
/// after the epoch, plus `offset`. An element is in `size / hop` of them, but kept once: the panes
/// between two bounds are added up when a window fires.
///
/// Holds a share a pane and partition for as long as a window needs it (some wait to be dropped
/// together). A pane is as long as the greatest common divisor of `size` and `hop`; it is merged
/// about twice, and a window costs a merge or two more a partition, however many panes it has (van
/// Herk, "A fast algorithm for local minimum and maximum filters on rectangular and octagonal
/// kernels", Pattern Recognition Letters 13, 1992; see time/detail/sliding_shares.hpp).
class hopping {
public:
    /// Throws `std::invalid_argument` unless `size` is positive and no more than 1000 years, `hop`
    /// positive and no more than `size` (or elements would be in no window), and `offset` less than
    /// `hop` in magnitude.
    hopping(duration size, duration hop, duration offset = {})
        : size_(size)
        , begins_{hop, offset}
        , ends_{hop, offset}
    {
        detail::require_positive("size", size);
        detail::require_positive("hop", hop);
        if (hop > size)
            throw std::invalid_argument("window: the hop " + detail::microseconds_text(hop)
                                        + " is more than the size "
                                        + detail::microseconds_text(size));
        detail::require_offset(offset, "hop", hop);
        ends_.offset = (offset + size) % hop;
        panes_ = {duration(std::gcd(size.count(), hop.count())), offset};
    }

    duration size() const { return size_; } ///< of each window
    duration hop() const { return begins_.step; } ///< from one begin to the next
    duration offset() const { return begins_.offset; } ///< by which one is after a multiple of it
    /// The same windows, `by` after the epoch.
    hopping shifted(duration by) const { return {size_, hop(), by}; }

    /// @name What all windows made of panes tell; see `tumbling`
    /// @{
    static constexpr auto overlap = detail::overlap::sliding;
    duration pane() const { return panes_.step; }
    time_point pane_of(time_point time) const { return panes_.floor(time); }
    time_point end_after(time_point time) const { return ends_.after(time); }
    time_point begin_of_end(time_point end) const { return end - size_; }
    time_point last_end(time_point pane) const { return begins_.floor(pane) + size_; }
    /// @}

private:
    duration size_;
    detail::grid begins_, ends_, panes_{};
};

} // namespace corostream
