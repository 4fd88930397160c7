#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace support {

/// Columns that `text` takes on a terminal; `text` is UTF-8 without control characters.
std::size_t text_width(std::string_view text);

/// `text` in exactly `columns` columns: filled up with spaces, or cut and ended by an ellipsis.
std::string fit(std::string_view text, std::size_t columns);

} // namespace support
