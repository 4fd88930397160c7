#pragma once

#include <stdexcept>

namespace support {

/// Ends the program with exit code 1. `what()` is one line, safe to print.
class failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace support
