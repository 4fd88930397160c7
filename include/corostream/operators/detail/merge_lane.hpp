#pragma once

#include <corostream/core/stream.hpp>
#include <corostream/core/wakeup.hpp>
#include <corostream/operators/detail/buffered_batches.hpp>
#include <corostream/operators/detail/child.hpp>

#include <exception>
#include <optional>
#include <vector>

namespace corostream::detail {

/// One input of a merge: what its pump brought, and how it stands as of what was handed over.
template <class Value, bool Timed>
struct merge_lane {
    buffered_batches<Value, Timed> waiting;
    bool full = false; // a pump is done; the next one begins when all of this was handed over
    pumped got = pumped::items;
    std::exception_ptr error;

    struct partition_state {
        time_point oldest_window = never, watermark = time_point::min();
    };
    cursor told;
    std::vector<partition_state> partitions;
    std::vector<partition_id> seen; // for a source that does not tell its partitions
    time_point watermark = time_point::min();
    pumped over = pumped::items;

    std::optional<wakeup> drained;
    child_handle child;
};

} // namespace corostream::detail
