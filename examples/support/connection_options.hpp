#pragma once

#include <corostream/core/clock.hpp>
#include <support/command_line.hpp>

#include <string>
#include <string_view>
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

/// Throws `usage_error` that names `option` unless `topic` can be a topic's name.
void check_topic(std::string_view option, const std::string& topic);

} // namespace support
