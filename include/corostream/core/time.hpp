#pragma once

#include <chrono>

namespace corostream {

/// The unit of all times and durations in a pipeline: microseconds.
using duration = std::chrono::microseconds;

/// A moment, counted from the Unix epoch in UTC.
using time_point = std::chrono::sys_time<duration>;

/// The deadline that never comes.
inline constexpr time_point never = time_point::max();

/// The time of an element whose source knows none.
inline constexpr time_point no_time = time_point::min();

/// `by`, which is not negative, after `time`; `never` if that is too late to be told.
constexpr time_point time_after(time_point time, duration by)
{
    return time > never - by ? never : time + by;
}

/// `by`, which is not negative, before `time`; the lowest if that is too early to be told.
constexpr time_point time_before(time_point time, duration by)
{
    return time < time_point::min() + by ? time_point::min() : time - by;
}

/// Any duration in our unit, rounded down. One that is too long to be told becomes the longest;
/// what is no number, the lowest.
template <class Rep, class Period>
constexpr duration to_duration(std::chrono::duration<Rep, Period> d)
{
    using seconds = std::chrono::duration<long double>;
    if (seconds(d) >= seconds(duration::max())) return duration::max();
    if (!(seconds(d) > seconds(duration::min()))) return duration::min();
    return std::chrono::floor<duration>(d);
}

} // namespace corostream
