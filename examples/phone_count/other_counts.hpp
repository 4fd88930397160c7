#pragma once

#include <phone_count/job.hpp>

namespace phone_count {

/// Counts as `count_phones` in main.cpp does, in windows of the other kinds.
counting count_by_arrival;

/// Counts by the records' own time, in windows of any kind.
counting count_by_event_time;

/// The same with --late allow: for some time windows come again when something was late.
counting count_by_event_time_again;

} // namespace phone_count
