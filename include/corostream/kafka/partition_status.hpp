#pragma once

#include <corostream/core/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace corostream::kafka {

/// How a consumer stands with one of its partitions. Offsets are -1 where there is none yet.
struct partition_status {
    std::string topic;
    std::int32_t partition = -1;
    std::int64_t position = -1;  ///< the next message to read
    std::int64_t cursor = -1;    ///< everything before it has been processed to the end
    std::int64_t committed = -1; ///< and of that the group knows so much, by our own commits
    std::int64_t log_end = -1;   ///< the log's end, as the last fetch told it
    /// since when messages that were read have waited for the end of their processing, as in an
    /// open window; nothing if none do
    std::optional<time_point> held_since{};
    /// begin of the oldest open window with messages of the partition, as of the last batch that
    /// was acknowledged; nothing if there is none
    std::optional<time_point> oldest_window{};

    /// How many messages have been read and not been processed to the end: what a new owner of the
    /// partition would process again. Counted by offsets, of which a log may lack some.
    std::int64_t held() const { return cursor < position ? position - cursor : 0; }
    /// How many messages are still to be read.
    std::int64_t lag() const
    {
        return log_end < 0 || position < 0 || log_end < position ? 0 : log_end - position;
    }
};

} // namespace corostream::kafka
