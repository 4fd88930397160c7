#pragma once

#include <corostream/kafka/detail/cluster.hpp>
#include <corostream/kafka/detail/consumer_state.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace corostream::kafka::detail {

/// Asks the cluster for the log ends of the partitions that have been read to their end, and notes
/// for which of them that was so still when it was asked. librdkafka's own idea of a log end is as
/// old as its last answer, so it proves nothing when a broker is away.
inline asio::awaitable<void> prove_ends_once(consumer_state* s)
{
    std::vector<topic_partition> partitions;
    std::vector<std::pair<partition_id, std::int64_t>> read;
    for (const auto& p : s->reader.partitions()) {
        if (p->at_end < 0 || p->giving_up) continue;
        partitions.push_back({p->topic, p->number});
        read.emplace_back(p->id, p->at_end);
    }
    if (partitions.empty()) co_return;
    const auto asked_at = s->now();
    const auto ends = co_await log_ends(s->link, partitions, std::chrono::seconds(5));
    for (std::size_t i = 0; i < read.size(); ++i) {
        auto* p = s->reader.find(read[i].first);
        if (!p || p->at_end != read[i].second || ends[i].offset > p->at_end) continue;
        p->caught_up = asked_at;
        s->proved = true;
    }
    if (s->proved) s->data.notify();
}

/// Proves what the pipeline wants proved, until the consumer ends.
inline asio::awaitable<void> prove_ends(std::shared_ptr<consumer_state> s)
{
    try {
        while (!s->over && !s->closing && !s->link.failure()) {
            if (s->now() < s->proof_due) {
                co_await s->proofs.wait(s->proof_due);
                continue;
            }
            s->proof_due = never; // the pipeline says when it wants the next
            bool failed = false;
            try {
                co_await prove_ends_once(s.get());
            } catch (const error& e) {
                failed = true;
                if (!s->link.ending()) s->link.report(e);
            }
            if (failed) s->proof_due = s->now() + std::chrono::milliseconds(500);
        }
    } catch (const boost::system::system_error&) { // the executor goes away
    }
}

} // namespace corostream::kafka::detail
