#pragma once

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace support {

/// Adds `name`: null for nothing, else the bytes as text. JSON is UTF-8, so in bytes that aren't,
/// each that is wrong becomes U+FFFD, and the bytes themselves follow as `name_base64`.
void add_bytes(
    boost::json::object& to, std::string_view name, std::optional<std::string_view> bytes);

/// The object on one line. Characters that a terminal would act on are escaped beyond what JSON
/// asks for.
std::string json_line(const boost::json::object& object);

/// RFC 4648, section 4.
std::string base64(std::string_view bytes);

/// `bytes` with U+FFFD for each byte that is not part of well-formed UTF-8.
std::string valid_utf8(std::string_view bytes);

} // namespace support
