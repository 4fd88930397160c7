#pragma once

#include <corostream/core/clock.hpp>
#include <support/command_line.hpp>

#include <cstdint>

namespace phone_count {

/// Which time decides in what windows a record counts.
enum class time_kind : std::uint8_t {
    arrival, ///< when it was read
    event,   ///< its own
};

enum class window_kind : std::uint8_t {
    tumbling,
    hopping,
    cumulative,
    session,
};

/// What becomes of records that come too late for their windows.
enum class late_kind : std::uint8_t {
    drop,
    show,
    allow, ///< for some time their windows come again
};

/// How the stream is cut into windows.
struct window_options {
    time_kind time = time_kind::arrival;
    window_kind kind = window_kind::tumbling;
    corostream::duration size{}; ///< of sessions: the gap
    corostream::duration step{}; ///< how far apart the ends of windows are; sessions have none
    corostream::duration bound{}; ///< how far out of order event times may be
    corostream::duration idle{};
    late_kind late = late_kind::drop;
    corostream::duration allowed{}; ///< of `late_kind::allow`: for how long
    /// How far ahead of the clock an event time may be.
    corostream::duration max_future = corostream::duration::max();

    static void describe(support::command_line& line);
    /// Throws `usage_error`.
    static window_options read(const support::command_line& line);
};

/// Throws `usage_error` if option `name` was given though there is no --time event.
void require_event_time(const support::command_line& line, const std::string& name);

} // namespace phone_count
