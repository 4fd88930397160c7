#pragma once

#include <corostream/kafka/error.hpp>
#include <corostream/kafka/topic_partition.hpp>

#include <functional>
#include <string_view>
#include <vector>

namespace corostream::kafka {

/// What a client tells besides its data. All are optional, called on the client's executor, and
/// must not block or throw.
struct events {
    /// An error the client goes on after, such as a broker that cannot be reached. An error that
    /// ends a stream is thrown by the stream as well.
    std::function<void(const error&)> on_error;
    /// A line of librdkafka's log: level as syslog's (3 error, 7 debug), facility, text (not
    /// escaped).
    std::function<void(int, std::string_view, std::string_view)> on_log;
    /// The group gave these partitions to this consumer; offsets tell where reading begins,
    /// negative ones librdkafka's marks.
    std::function<void(const std::vector<topic_partition>&)> on_assign;
    /// These partitions were lost: the group took this consumer for dead and gave them to others,
    /// who count again what was not committed. `on_revoke` is told next.
    std::function<void(const std::vector<topic_partition>&)> on_lost;
    /// The group takes these partitions away; what was acknowledged of them has been committed,
    /// unless they were lost.
    std::function<void(const std::vector<topic_partition>&)> on_revoke;
    /// A commit was answered: the offsets, and the error or null.
    std::function<void(const std::vector<topic_partition>&, const error*)> on_commit;
    /// librdkafka's statistics, a JSON document every `statistics.interval.ms`.
    std::function<void(std::string_view)> on_statistics;
};

} // namespace corostream::kafka
