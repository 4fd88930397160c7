#pragma once

#include <corostream/kafka/partition_status.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace phone_count {

/// How the program stands with a partition, as one line.
std::string status_line(
    const corostream::kafka::partition_status& status, corostream::time_point now);

/// How many records have been read and not counted to the end.
std::int64_t held_records(const std::vector<corostream::kafka::partition_status>& all);

/// What becomes of them, as a sentence; empty if there are none.
std::string held_text(std::int64_t records);

} // namespace phone_count
