#pragma once

#include <support/terminal.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace phone_count {

struct bar {
    std::string name; ///< safe to print
    std::int64_t count;
};

/// A horizontal bar a line, the largest count first, fitted into `size`; what doesn't fit is summed
/// up in the last line.
std::string bar_chart(std::vector<bar> bars, support::terminal_size size);

} // namespace phone_count
