#pragma once

#include <string_view>

namespace corostream {

/// The library's version, "major.minor.patch". CMake reads the project's version from this line.
inline constexpr std::string_view version = "0.1.0";

} // namespace corostream
