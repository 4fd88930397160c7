#pragma once

#include <corostream/kafka/detail/cluster.hpp>
#include <corostream/kafka/detail/consumer_state.hpp>
#include <corostream/kafka/detail/helper_thread.hpp>
#include <corostream/kafka/detail/rebalancing.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace corostream::kafka::detail {

using consumer_handle = std::shared_ptr<consumer_state>;

/// Drains the queues of control, whatever the pipeline does, so that rebalances and errors are
/// never held up by data.
inline asio::awaitable<void> serve(consumer_handle s)
{
    try {
        while (!s->over) {
            s->drain();
            co_await s->link.signal().wait();
        }
    } catch (const boost::system::system_error&) { // cancelled: over
    }
}

/// Asks until the cluster knows the topics. A missing one is an error unless it is to be waited
/// for; a cluster that does not answer is asked again.
inline asio::awaitable<std::vector<topic_partition>> find_topics(consumer_state* s)
{
    while (!s->closing && !s->over && !s->link.failure()) {
        try {
            co_return co_await describe(s->link, s->options.topics(), std::chrono::seconds(5));
        } catch (const error& e) {
            if (s->link.ending()) break;
            const bool missing = e.code() == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
            if (e.severity() == severity::fatal && !(missing && s->options.waits_for_topic()))
                throw;
            if (!missing) s->link.report(e);
        }
        co_await pause(s, std::chrono::milliseconds(250));
    }
    co_return std::vector<topic_partition>{};
}

/// Finds the topics, and joins the group or takes all their partitions.
inline asio::awaitable<void> begin(consumer_state* s)
{
    auto partitions = co_await find_topics(s);
    if (partitions.empty()) co_return;
    if (s->options.in_group()) {
        for (auto& p : partitions) p.partition = RD_KAFKA_PARTITION_UA;
        const auto end = std::unique(partitions.begin(), partitions.end());
        partitions.erase(end, partitions.end());
        const auto list = to_list(partitions);
        const auto code = rd_kafka_subscribe(s->link.handle(), list.get());
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            throw error(
                code, severity::fatal, std::string("subscribing: ") + rd_kafka_err2str(code));
        co_return;
    }
    std::vector<topic_partition> ends;
    const auto starts = co_await find_starts(s, partitions, &ends);
    if (starts.empty()) co_return;
    open_partitions(s, starts, ends);
    const auto list = to_list(starts);
    const auto code = rd_kafka_assign(s->link.handle(), list.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        throw error(
            code, severity::fatal, std::string("assigning partitions: ") + rd_kafka_err2str(code));
}

/// Works off rebalances until nothing goes on between us and the group.
inline asio::awaitable<void> settle(consumer_state* s, time_point deadline)
{
    auto& group = s->link.group();
    for (;;) {
        s->drain();
        if (!s->rebalances.empty()) co_await work_off_next(s);
        else if ((group.may_commit() && !group.must_live()) || s->now() >= deadline) co_return;
        else co_await s->work.wait(std::min(deadline, s->now() + std::chrono::milliseconds(20)));
    }
}

/// Commits what was acknowledged, once nothing goes on between us and the group; again, while the
/// group cannot take it, as when its broker has only just come back.
inline asio::awaitable<void> commit_last(consumer_state* s, time_point deadline)
{
    for (;;) {
        co_await settle(s, deadline);
        if (!s->options.in_group() || !s->link.group().may_commit()) co_return;
        auto ids = owned_partitions(s);
        co_await s->commits.commit(std::move(ids), deadline);
        if (!s->commits.needed() || s->link.failure() || s->now() >= deadline) co_return;
        const auto next = std::min(deadline, s->now() + std::chrono::milliseconds(200));
        while (s->now() < next) co_await s->work.wait(next);
    }
}

/// Leaves the group in good order: what is in flight is finished, what was acknowledged committed.
/// A group that waits for another member answers nothing; then it learns from our silence.
inline asio::awaitable<void> leave(consumer_state* s)
{
    const auto deadline = s->close_deadline;
    s->draining = true;
    while (s->reading && !s->link.failure() && s->progress.any_in_flight() && s->now() < deadline)
        co_await s->work.wait(deadline);
    s->draining = false;
    auto& group = s->link.group();
    // most of the time is for the last commit: leaving takes a moment only
    const auto last_call = s->now() + (deadline - s->now()) * 4 / 5;
    co_await commit_last(s, last_call);
    const bool again = s->options.in_group() && s->commits.needed() && !s->link.failure();
    // an assignment that is not answered would be in the way
    co_await settle(s, s->now() + (deadline - s->now()) / 2);
    bool left = false;
    if (!group.must_live()) {
        group.leaving();
        // closed without partitions, a cooperative member would not tell the group, which would
        // wait for it until its session is over
        if (owned_partitions(s).empty()
            && text(rd_kafka_rebalance_protocol(s->link.handle())) == "COOPERATIVE")
            rd_kafka_unsubscribe(s->link.handle());
        const error_handle refused(
            rd_kafka_consumer_close_queue(s->link.handle(), s->control.get()));
        while (!refused && !rd_kafka_consumer_closed(s->link.handle()) && s->now() < deadline) {
            if (s->rebalances.empty()) co_await s->work.wait(deadline);
            else co_await work_off_next(s);
            s->drain();
        }
        left = refused || rd_kafka_consumer_closed(s->link.handle());
    }
    s->left = left;
    const std::string what = left
                               ? "leaving the group: the last commit failed"
                               : "leaving the group: no answer; it will miss this member after its "
                                 "session timeout";
    if (again)
        throw error(RD_KAFKA_RESP_ERR__TIMED_OUT, severity::fatal,
            what + "; what was done since the last commit will be done again");
    if (!left) s->link.report(error(RD_KAFKA_RESP_ERR__TIMED_OUT, severity::transient, what));
}

/// Commits everything of a partition before `next`, and waits for that. False when the partition or
/// the stream has come to its end first.
inline asio::awaitable<bool> commit_first(consumer_state* s, partition_id id, std::int64_t next)
{
    if (next < 0) co_return true; // errors only
    s->progress.claim(id, next);
    const auto given_up = [s, id] {
        const auto* p = s->reader.find(id);
        return !p || p->giving_up || s->stopping || s->link.failure();
    };
    while (s->progress.to_commit(id) >= 0) {
        if (given_up()) {
            s->progress.disclaim(id);
            co_return false;
        }
        const auto pause = s->now() + std::chrono::milliseconds(20);
        if (s->link.group().may_commit()) {
            std::vector<partition_id> ids(1, id);
            co_await s->commits.commit(std::move(ids), s->now() + std::chrono::seconds(5));
        }
        if (s->progress.to_commit(id) >= 0) co_await s->data.wait(pause);
    }
    co_return s->progress.owned(id);
}

/// Works off rebalances and commits, from the first subscription until the group has been left.
inline asio::awaitable<void> manage(consumer_handle s)
{
    try {
        co_await begin(s.get());
        for (time_point next_round{}; !s->closing && !s->over;) {
            if (!s->rebalances.empty()) {
                co_await work_off_next(s.get());
                // a cooperative consumer joins again at once
                next_round = s->now() + s->options.commit_interval();
            } else if (s->now() >= next_round) {
                next_round = s->now() + s->options.commit_interval();
                // also when nothing comes: librdkafka takes a consumer that never polls for dead
                s->drain();
                const bool needed = s->options.in_group() && s->commits.needed();
                if (needed && !s->link.group().may_commit()) {
                    next_round = std::min(next_round, s->now() + std::chrono::milliseconds(20));
                } else if (needed) {
                    auto ids = owned_partitions(s.get());
                    co_await s->commits.commit(std::move(ids), next_round);
                }
            } else {
                co_await s->work.wait(next_round);
            }
        }
        if (!s->over) co_await leave(s.get());
    } catch (const error& e) {
        if (s->closing) s->close_failure = std::current_exception();
        else s->fail(e);
    } catch (const boost::system::system_error&) { // the executor goes away
    }
    s->managed = false;
    s->done.notify();
}

/// Ends a consumer: see `consumer::close`.
inline asio::awaitable<void> close(consumer_handle s, duration timeout)
{
    if (!s->link.handle()) co_return;
    const auto deadline = s->now() + timeout;
    s->stop();
    s->closing = true;
    s->link.end();
    s->close_deadline = deadline;
    s->work.notify();
    while (s->managed && s->now() < deadline + std::chrono::milliseconds(100))
        co_await s->done.wait(deadline + std::chrono::milliseconds(100));
    if (s->managed || s->over) {
        const error late(RD_KAFKA_RESP_ERR__TIMED_OUT, "closing the consumer");
        s->close_failure = std::make_exception_ptr(late);
    }
    s->finish();
    auto last = [handle = s->release()]() mutable {
        handle.reset();
        return true;
    };
    const auto grace = std::max(deadline, s->now() + std::chrono::milliseconds(500));
    const auto destroyed = co_await on_helper_thread(std::move(last), grace, &s->done);
    if (s->close_failure) std::rethrow_exception(s->close_failure);
    if (s->left && !destroyed)
        throw error(RD_KAFKA_RESP_ERR__TIMED_OUT,
            "closing the consumer, of which a message may still be held");
}

} // namespace corostream::kafka::detail
