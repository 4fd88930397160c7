#pragma once

#include <corostream/core/clock.hpp>
#include <corostream/kafka/consumer_options.hpp>
#include <phone_count/window_options.hpp>
#include <support/connection_options.hpp>

#include <cstdint>
#include <limits>
#include <string>

namespace phone_count {

enum class format : std::uint8_t {
    table,
    json,
    bars,
};

struct options {
    support::connection_options connection;
    std::string group; ///< empty: none
    window_options window;
    corostream::kafka::start_at from = corostream::kafka::start_at::committed;
    phone_count::format format = format::table;
    std::uint64_t windows = std::numeric_limits<std::uint64_t>::max();
    corostream::duration status{}; ///< zero: only when asked
    std::string to; ///< a topic for the results; empty: none
    bool list = false;
    bool until_end = false;
    bool wait_for_topic = false;
};

/// Throws `support::usage_error`, and `support::early_exit` for --help and --version.
options read_options(int argc, const char* const* argv);

} // namespace phone_count
