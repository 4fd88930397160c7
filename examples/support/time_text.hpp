#pragma once

#include <corostream/core/clock.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace support {

/// A moment as ISO 8601 has it, in UTC: 2026-11-22T12:10:04Z; with three or six digits of a
/// second's fraction if it has one.
std::string iso_time(corostream::time_point t);

/// Reads a moment as `iso_time` writes it, to the millisecond: 2026-11-22T12:10:04Z, or with three
/// digits of a second's fraction. Throws `usage_error` that names `option` unless it lies from
/// `least` to the end of the year 9999.
corostream::time_point parse_time(
    std::string_view option, std::string_view text, corostream::time_point least);

/// Milliseconds since the epoch, rounded down.
std::int64_t epoch_ms(corostream::time_point t);

} // namespace support
