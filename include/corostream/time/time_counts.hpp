#pragma once

#include <cstdint>

namespace corostream {

/// How many elements were not counted because of their time; owned by the caller, who hands it to
/// `event_time(...).count(...)` and `window(...).count(...)`, and outlives the pipeline.
struct time_counts {
    std::uint64_t late = 0;    ///< all their windows were out
    std::uint64_t future = 0;  ///< too far ahead of the clock
};

} // namespace corostream
