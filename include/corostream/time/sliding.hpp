#pragma once

#include <corostream/time/detail/grid.hpp>
#include <corostream/time/detail/sliding_state.hpp>
#include <corostream/time/detail/state_for.hpp>

namespace corostream {

/// A window for each event: what happened in the `size` up to it, `(time - size, time]`, as of the
/// last minute at each order. As all bounds it is half open, and told as `[time - size + 1 us, time
/// + 1 us)`.
///
/// Of a keyed aggregate each key has windows of its own, for its own events; those of several keys
/// at the same moment come in one result. Events of a key at the same moment share a window.
///
/// Holds a piece an event (key, partition and moment) for as long as a window can have it (some
/// wait to be dropped together); it is merged about three times, however many events a window has,
/// as the panes of `hopping` are.
class sliding {
public:
    /// Throws `std::invalid_argument` unless `size` is positive and no more than 1000 years.
    explicit sliding(duration size)
        : size_(size)
    {
        detail::require_positive("size", size);
    }

    duration size() const { return size_; } ///< of each window, up to its event

private:
    duration size_;
};

namespace detail {

template <>
struct state_for<sliding> {
    template <class Aggregate, bool TellsAgain>
    using type = sliding_state<sliding, Aggregate, TellsAgain>;
};

} // namespace detail

} // namespace corostream
