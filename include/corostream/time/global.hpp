#pragma once

#include <corostream/time/detail/grid.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace corostream {

/// When a global window tells what it has: at every multiple of a duration after the epoch that
/// brings something new.
struct every_duration {
    duration step; ///< from one multiple to the next
};

/// When a global window tells what it has: after so many elements more, of each key.
struct every_count {
    std::int64_t step; ///< so many elements
};

/// Throws `std::invalid_argument` unless `step` is positive and no more than 1000 years.
template <class Rep, class Period>
every_duration every(std::chrono::duration<Rep, Period> step)
{
    detail::require_positive("trigger", to_duration(step));
    return {to_duration(step)};
}

/// Throws `std::invalid_argument` unless `count` is positive.
inline every_count every(std::int64_t count)
{
    if (count <= 0)
        throw std::invalid_argument(
            "window: the trigger " + std::to_string(count) + " is not a positive count");
    return {count};
}

/// One window that holds everything and never ends: what it has is told again and again, as
/// `Trigger` says, marked as early; the end of the input completes it.
///
/// It begins at `time_point::min()`. It never lets go of its first element, so nothing is committed
/// past that, and a restart reads everything again.
///
/// Holds a share a partition, which grows with its keys as nothing is ever let go, and beside it
/// what has not been told yet; telling costs a merge of that, and a copy of what is told.
template <class Trigger>
class global;

template <>
class global<every_duration> {
public:
    /// Tells what it has at the multiples that `trigger` says.
    explicit global(every_duration trigger)
        : ends_{trigger.step}
    {
    }

    /// @name What all windows made of panes tell; see `tumbling`
    /// @{
    static constexpr auto overlap = detail::overlap::endless;
    duration pane() const { return ends_.step; }
    time_point pane_of(time_point time) const { return ends_.floor(time); }
    time_point end_after(time_point time) const { return ends_.after(time); }
    static time_point begin_of_end(time_point) { return time_point::min(); }
    static time_point last_end(time_point) { return never; }
    /// @}

private:
    detail::grid ends_;
};

/// Counted by partition and, of a keyed aggregate, by key, as `elements` does; include that header.
template <>
class global<every_count> {
public:
    /// Tells what a key has after as many elements of it as `trigger` says.
    explicit global(every_count trigger)
        : hop_(trigger.step)
    {
    }

    std::int64_t hop() const { return hop_; } ///< elements from one result to the next

private:
    std::int64_t hop_;
};

template <class Trigger>
global(Trigger) -> global<Trigger>;

} // namespace corostream
