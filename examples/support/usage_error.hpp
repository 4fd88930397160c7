#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace support {

/// What was typed on the command line can't be done: exit code 2.
class usage_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;

    /// "--window: '0s' is not ...", the value escaped.
    usage_error(std::string_view option, std::string_view value, std::string_view is_not);
};

} // namespace support
