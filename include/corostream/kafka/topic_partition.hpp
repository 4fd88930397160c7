#pragma once

#include <cstdint>
#include <string>

namespace corostream::kafka {

/// One partition of a topic, and an offset in it where that says something.
struct topic_partition {
    std::string topic;
    std::int32_t partition = 0;
    std::int64_t offset = -1;
    std::string metadata{}; ///< what was committed with the offset

    friend bool operator==(const topic_partition&, const topic_partition&) = default;
};

} // namespace corostream::kafka
