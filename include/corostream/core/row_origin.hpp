#pragma once

#include <corostream/core/batch.hpp>

#include <cstdint>
#include <tuple>

namespace corostream {

/// Where an element came from. Of a row of a result: where its key was first seen.
struct row_origin {
    partition_id partition;
    std::int64_t offset;
    time_point time{}; ///< of the event
};

/// Whether `a` comes before `b` in the order in which results name things: by partition, then by
/// offset. It does not depend on how the partitions were read in turn.
constexpr bool seen_before(const row_origin& a, const row_origin& b)
{
    return std::tie(a.partition, a.offset) < std::tie(b.partition, b.offset);
}

/// Whether `a` happened before `b`: by event time, and at the same time by partition and offset.
constexpr bool happened_before(const row_origin& a, const row_origin& b)
{
    return std::tie(a.time, a.partition, a.offset) < std::tie(b.time, b.partition, b.offset);
}

} // namespace corostream
