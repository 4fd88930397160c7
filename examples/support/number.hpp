#pragma once

#include <cstdint>
#include <string_view>

namespace support {

/// Reads a count from 1 to a trillion. Throws `usage_error` that names `option`.
std::uint64_t parse_count(std::string_view option, std::string_view text);

/// Reads how many a second: 0, or from 0.0001 to a million. Throws `usage_error` that names
/// `option`.
double parse_rate(std::string_view option, std::string_view text);

/// Reads how many a second, from 0.0001 to a million. Throws `usage_error` that names `option`.
double parse_positive_rate(std::string_view option, std::string_view text);

/// Reads any number of 64 bits without a sign. Throws `usage_error` that names `option`.
std::uint64_t parse_seed(std::string_view option, std::string_view text);

} // namespace support
