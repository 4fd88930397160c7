#pragma once

#include <corostream/core/clock.hpp>

#include <cstdint>
#include <string>

namespace phone_count {

/// A record that came too late for all its windows.
struct late_record {
    std::int32_t partition;
    std::int64_t offset;
    corostream::time_point time;
    std::string phone; ///< what `phone_of` returned
};

} // namespace phone_count
