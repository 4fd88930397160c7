#pragma once

#include <cstddef>

namespace support {

struct terminal_size {
    std::size_t columns = 80;
    std::size_t rows = 24;
};

/// True if `file` is a terminal whose cursor can be moved.
bool is_terminal(int file);

/// The size as it is now; 80 by 24 if it isn't known.
terminal_size size_of_terminal(int file);

} // namespace support
