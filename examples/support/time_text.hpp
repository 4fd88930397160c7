#pragma once

#include <corostream/core/clock.hpp>

#include <cstdint>
#include <string>

namespace support {

/// A moment as ISO 8601 has it, in UTC: 2026-11-22T12:10:04Z; with three or six digits of a
/// second's fraction if it has one.
std::string iso_time(corostream::time_point t);

/// Milliseconds since the epoch, rounded down.
std::int64_t epoch_ms(corostream::time_point t);

} // namespace support
