#pragma once

#include <corostream/core/clock.hpp>
#include <support/command_line.hpp>

#include <string>
#include <utility>
#include <vector>

namespace support {

/// How to get to a topic: what the programs have in common.
struct connection_options {
    std::string brokers; ///< empty if none were named
    std::string topic;
    corostream::duration wait{}; ///< how long to try to reach the brokers
    std::vector<std::pair<std::string, std::string>> properties;

    static void describe(command_line& line);
    /// Throws `usage_error`.
    static connection_options read(const command_line& line);
};

} // namespace support
