#pragma once

#include <corostream/core/clock.hpp>

#include <string>
#include <string_view>

namespace support {

/// Reads a whole number and its unit (us, ms, s, m, h, d), as in 4s, 500ms or 2m. Throws
/// `usage_error` that names `option` unless it lies from `least` to ten years.
corostream::duration parse_duration(
    std::string_view option, std::string_view text, corostream::duration least);

/// The shortest text that `parse_duration` reads back.
std::string duration_text(corostream::duration d);

} // namespace support
