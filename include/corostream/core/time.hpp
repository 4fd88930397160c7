#pragma once

#include <chrono>

namespace corostream {

/// The unit of all times and durations in a pipeline: microseconds.
using duration = std::chrono::microseconds;

/// A moment, counted from the Unix epoch in UTC.
using time_point = std::chrono::sys_time<duration>;

/// The deadline that never comes.
inline constexpr time_point never = time_point::max();

} // namespace corostream
