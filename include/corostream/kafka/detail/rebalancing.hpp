#pragma once

#include <corostream/kafka/detail/cluster.hpp>
#include <corostream/kafka/detail/consumer_state.hpp>
#include <corostream/kafka/rebalance.hpp>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

namespace corostream::kafka::detail {

/// Waits a moment before asking the cluster again; shorter when there is no more to ask for.
inline asio::awaitable<void> pause(consumer_state* s, duration how_long)
{
    const auto until = s->now() + how_long;
    while (!s->closing && !s->over && !s->link.failure() && s->now() < until)
        co_await s->work.wait(until);
}

/// Where reading `partitions` begins, for librdkafka, and in `ends` where a bounded read stops.
/// Asks again until the cluster answers; yields nothing when the consumer ends meanwhile.
inline asio::awaitable<std::vector<topic_partition>> find_starts(
    consumer_state* s, std::vector<topic_partition> partitions, std::vector<topic_partition>* ends)
{
    constexpr auto timeout = std::chrono::seconds(5);
    while (!s->closing && !s->over && !s->link.failure()) {
        try {
            if (s->options.bounded()) *ends = co_await log_ends(s->link, partitions, timeout);
            const bool latest = s->options.start() == start_at::latest;
            const std::int64_t edge = latest ? RD_KAFKA_OFFSET_END : RD_KAFKA_OFFSET_BEGINNING;
            if (s->options.in_group())
                partitions = co_await committed_offsets(s->link, partitions, timeout);
            for (auto& p : partitions)
                if (p.offset < 0 || !s->options.in_group()) p.offset = edge;
            co_return partitions;
        } catch (const error& e) {
            if (s->link.ending()) break;
            if (e.severity() == severity::fatal) throw;
            s->link.report(e);
        }
        co_await pause(s, std::chrono::milliseconds(250));
    }
    co_return std::vector<topic_partition>{};
}

/// Opens `starts` for reading; before librdkafka is told to fetch, so that no message takes another
/// way.
inline void open_partitions(consumer_state* s, const std::vector<topic_partition>& starts,
    const std::vector<topic_partition>& ends)
{
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const auto& at = starts[i];
        const auto id = s->numbering.id_of(at);
        auto& p = s->reader.open(s->link.handle(), s->link.signal(), at.topic, at.partition, id);
        s->progress.open(id, std::max<std::int64_t>(at.offset, -1),
            resume_from(at.metadata).value_or(resume_point{}));
        p.opened = s->now();
        if (!s->options.bounded()) continue;
        p.end = ends[i].offset;
        p.finished
            = p.end <= std::max<std::int64_t>(at.offset, 0) || at.offset == RD_KAFKA_OFFSET_END;
    }
    s->assigned = true;
    s->link.accepted();
    s->data.notify();
    if (s->link.handlers().on_assign) s->link.handlers().on_assign(starts);
}

/// Gives up `partitions`: nothing of them is read from now on, and the stages drop what they hold
/// of them before they do anything else. So nothing new of them gets in flight, nor is acknowledged
/// after the last commit.
inline void give_up_partitions(consumer_state* s, const std::vector<partition_id>& ids)
{
    for (const auto id : ids) {
        if (auto* p = s->reader.find(id)) p->giving_up = true;
        s->progress.give_up(id);
        s->revoked.push_back(id);
    }
    s->data.notify();
}

/// Ends the scope of `partitions` that were given up: nothing of them is committed from now on.
inline void close_partitions(consumer_state* s, const std::vector<topic_partition>& partitions)
{
    for (const auto& at : partitions) {
        const auto id = s->numbering.id_of(at);
        s->reader.close(id);
        s->progress.close(id);
    }
    if (s->link.handlers().on_revoke) s->link.handlers().on_revoke(partitions);
}

/// Tells librdkafka what was made of a rebalance; an empty list with the eager protocol means none.
inline void answer_rebalance(
    consumer_state* s, bool gives, const std::vector<topic_partition>& partitions)
{
    auto* rk = s->link.handle();
    const auto list = to_list(partitions);
    if (text(rd_kafka_rebalance_protocol(rk)) == "COOPERATIVE") {
        const error_handle failed(gives ? rd_kafka_incremental_assign(rk, list.get())
                                        : rd_kafka_incremental_unassign(rk, list.get()));
        if (failed)
            s->link.report(error(rd_kafka_error_code(failed.get()), "answering a rebalance"));
    } else {
        const auto code = rd_kafka_assign(rk, gives ? list.get() : nullptr);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            s->link.report(error(code, "answering a rebalance"));
    }
}

inline std::vector<partition_id> owned_partitions(const consumer_state* s)
{
    std::vector<partition_id> ids;
    for (partition_id p = 0; p < s->progress.size(); ++p)
        if (s->progress.owned(p)) ids.push_back(p);
    return ids;
}

/// Works off one rebalance event, step by step as `rebalance` says. The group waits meanwhile; the
/// loop does not.
inline asio::awaitable<void> work_off(consumer_state* s, event_handle event)
{
    const auto partitions = from_list(rd_kafka_event_topic_partition_list(event.get()));
    const bool gives = rd_kafka_event_error(event.get()) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
    std::vector<partition_id> ids;
    for (const auto& p : partitions) ids.push_back(s->numbering.id_of(p));

    rebalance what(gives ? rebalance_kind::assign : rebalance_kind::revoke,
        std::min(s->now() + s->options.revoke_timeout(), s->close_deadline));
    std::vector<topic_partition> starts, ends;
    if (!gives) give_up_partitions(s, ids);

    for (;;) {
        if (rd_kafka_assignment_lost(s->link.handle())) what.lose();
        const bool awaited = s->reading && !s->link.failure()
                          && std::any_of(ids.begin(), ids.end(),
                              [&](auto id) { return s->progress.in_flight(id); });
        const auto step = what.next(awaited, s->now());
        if (step == rebalance_step::answer || s->over) break;
        if (step == rebalance_step::prepare) {
            starts = co_await find_starts(s, partitions, &ends);
            what.prepared();
        } else if (step == rebalance_step::commit) {
            // those that are kept, too: a window has something of all of them, and is told once
            auto owned = owned_partitions(s);
            co_await s->commits.commit(std::move(owned), what.deadline());
            what.committed();
        } else {
            s->draining = true;
            co_await s->work.wait(what.deadline());
            s->draining = false;
        }
    }
    if (s->over) co_return;
    if (gives && !starts.empty()) open_partitions(s, starts, ends);
    for (auto& p : starts) p.metadata.clear(); // is ours alone
    if (gives && partitions.empty()) { // nothing for this member: a bounded read is over
        s->assigned = true;
        s->data.notify();
    }
    if (what.kind() == rebalance_kind::lost && s->link.handlers().on_lost)
        s->link.handlers().on_lost(partitions);
    if (!gives) close_partitions(s, partitions);
    answer_rebalance(s, gives, gives ? starts : partitions);
}

/// Works off the rebalance event that has waited longest.
inline asio::awaitable<void> work_off_next(consumer_state* s)
{
    auto event = std::move(s->rebalances.front());
    s->rebalances.pop_front();
    co_await work_off(s, std::move(event));
}

} // namespace corostream::kafka::detail
