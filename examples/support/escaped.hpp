#pragma once

#include <string>
#include <string_view>

namespace support {

/// Appends `bytes` as `corostream::escape` makes them; plain text, the usual case, without an
/// allocation.
void append_escaped(std::string& to, std::string_view bytes);

/// How the value of a record is shown: "(null)" for a tombstone, `""` for no bytes, else escaped.
/// JSON, which tells the three apart from texts that only look like it, doesn't use this.
void append_value(std::string& to, std::string_view bytes, bool tombstone);

/// For error messages: escaped, and cut to 60 bytes.
std::string brief(std::string_view bytes);

} // namespace support
