#pragma once

#include <corostream/core/time.hpp>
#include <phone_producer/publisher.hpp>
#include <support/connection_options.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace phone_producer {

struct options {
    support::connection_options connection;
    publication what{""};
    std::optional<std::uint64_t> count;
    std::optional<double> event_rate;
    std::optional<corostream::time_point> start; ///< with an event rate only
    std::chrono::milliseconds disorder{};
    std::string phones_file; ///< empty for the built-in list
    bool from_stdin = false;
    std::optional<std::uint64_t> seed;
    bool verbose = false;
};

/// Throws `support::usage_error`, and `support::early_exit` for --help and --version.
options read_options(int argc, const char* const* argv);

} // namespace phone_producer
