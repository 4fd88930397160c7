#pragma once

#include <corostream/core/time.hpp>

#include <cstdint>

namespace corostream {

/// Numbers the partitions of one source. A source without partitions is partition 0.
using partition_id = std::int32_t;

/// What describes one element and rides beside it: two integers, kept in registers.
struct element {
    time_point time;     ///< when it happened; `no_time` if a source of timed records knows none;
                         ///< arrival where its elements have no times
    std::int64_t offset; ///< its place in its partition; -1 for a result that has none
};

/// What describes a batch and goes around it. All its elements come from one partition.
struct batch {
    partition_id partition = 0;
    time_point arrival{};            ///< the clock, read once a batch
    std::int64_t next_offset = 0;     ///< at `end`: the offset after the last element pushed
    time_point watermark = time_point::min(); ///< at `end`: no earlier event time is expected
};

} // namespace corostream
