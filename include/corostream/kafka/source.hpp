#pragma once

#include <corostream/core/error.hpp>
#include <corostream/core/stream.hpp>
#include <corostream/kafka/detail/consumer_tasks.hpp>
#include <corostream/kafka/message.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace corostream::kafka {

/// The source stage behind `consumer::messages()`.
class message_source {
public:
    using value_type = message;

    explicit message_source(detail::consumer_handle state)
        : state_(std::move(state))
    {
        state_->reading = true;
    }
    message_source(message_source&&) = default;
    message_source& operator=(message_source&&) = delete;
    message_source(const message_source&) = delete;
    message_source& operator=(const message_source&) = delete;
    ~message_source()
    {
        if (state_) leave(*state_);
    }

    template <class Sink>
    asio::awaitable<pumped> pump(Sink sink, time_point until)
    {
        auto& s = *state_;
        // the others' turn
        if (s.reader.may_have_data()) co_await asio::post(s.link.executor(), asio::use_awaitable);
        for (;;) {
            if (s.link.failure()) throw error(*s.link.failure());
            for (const auto p : std::exchange(s.revoked, {})) {
                if (auto* gone = s.reader.find(p)) gone->left = true;
                sink.revoke(p);
            }
            if (s.stopping) co_return s.pumped(pumped::stop);
            auto* p = s.reader.next();
            s.link.report_remembered();
            if (p && s.options.commits_first()) {
                const auto id = p->id;
                if (!co_await detail::commit_first(&s, id, s.reader.batch_end())) continue;
                p = s.reader.next(); // the same batch, unless its partition has gone meanwhile
                if (!p || p->id != id) continue;
            }
            if (p && !s.link.failure()) deliver(s, *p, sink);
            if (s.link.failure()) continue;
            if (p) co_return s.pumped(pumped::items);
            if (s.finished()) co_return s.pumped(pumped::end);
            if (std::exchange(s.proved, false)) co_return s.pumped(pumped::timeout);
            if (s.now() >= until) co_return s.pumped(pumped::timeout);
            co_await s.data.wait(until);
        }
    }

    std::int64_t hold(partition_id) const { return nothing_held; }
    message_source& source() { return *this; }
    void snapshot(cursor& into) { state_->progress.snapshot(into); }
    void acknowledge(const cursor& c) { state_->acknowledge(c); }
    void let_go() { leave(*state_); }

    /// Whether what is acknowledged is committed.
    bool commits() const { return state_->options.in_group(); }
    /// The partitions that are read now.
    void standings(std::vector<partition_standing>& into)
    {
        state_->timed = true;
        for (const auto& p : state_->reader.partitions())
            if (!p->left) into.push_back({p->id, p->finished, p->opened, p->caught_up});
    }
    /// What was committed with the offset at which reading `p` began.
    resume_point resumed(partition_id p) const { return state_->progress.resumed(p); }
    /// A message of `p` is to be refused again after a restart.
    void refuse(partition_id p, const timed_place& what) { state_->progress.refuse(p, what); }
    /// The clock has moved the watermark of `p`, and has to have after a restart.
    void raise(partition_id p, time_point to) { state_->progress.raise(p, to); }
    /// Asks the cluster at `due` whether partitions without records have been read to their end.
    void want_proof(time_point due) { state_->want_proof(due); }

    /// Waits until `until` on behalf of a sink that has to; returns false when a stop is asked for
    /// before that. Throws what ended the consumer.
    asio::awaitable<bool> rest(time_point until)
    {
        auto& s = *state_;
        while (!s.stopping && !s.link.failure() && s.now() < until) co_await s.data.wait(until);
        if (s.link.failure()) throw error(*s.link.failure());
        co_return !s.stopping;
    }
    /// False once the partition has been taken away, or lost.
    bool owns(partition_id p) const { return state_->progress.owned(p); }
    /// What user code threw, being handled, with the place of the message at hand.
    element_error error_at(partition_id p, std::int64_t offset) const
    {
        const auto at = state_->numbering.partition_of(p);
        return {at.topic, at.partition, offset};
    }

private:
    static void leave(detail::consumer_state& s)
    {
        s.reading = false; // what is in flight will not be acknowledged any more
        s.work.notify();
    }

    /// Pushes what is left of a batch. A plain function, so that the loop's variables live in
    /// registers.
    template <class Sink>
    static void deliver(detail::consumer_state& s, detail::open_partition& p, Sink sink)
    {
        batch b{.partition = p.id, .arrival = s.now(), .next_offset = s.progress.position_of(p.id)};
        element at{b.arrival, b.next_offset};
        const auto first = s.reader.batch_begin();
        sink.begin(b);
        try {
            for (bool wanted = true; wanted && !p.finished;) {
                const auto* next = s.reader.front();
                if (!next) break;
                if (next->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
                    report(s, p, s.reader.pop().get());
                    continue;
                }
                if (next->offset >= p.end) {
                    p.finished = true;
                    break;
                }
                if (next->offset < b.next_offset) [[unlikely]] {
                    if (is_repeated(p, *next)) {
                        s.reader.pop();
                        continue;
                    }
                    moved_back(s, p, b.next_offset, next->offset);
                    break;
                }
                at = {detail::event_time_of(*next), next->offset};
                message m(s.reader.pop().release());
                p.latest = std::max(p.latest, at.time);
                p.at_end = -1;
                wanted = sink.push(std::move(m), at);
                b.next_offset = at.offset + 1;
                p.finished = b.next_offset >= p.end;
            }
        } catch (...) {
            leave(s);
            throw element_error(p.topic, p.number, at.offset);
        }
        if (b.next_offset >= 0) s.progress.advance(p.id, first, b.next_offset, b.arrival);
        s.link.accepted();
        b.watermark = p.latest;
        sink.end(b);
    }

    /// librdkafka hands out again what the last call brought when it pauses the partition at just
    /// that moment, as it does while a group changes. A topic that was made again has newer
    /// records.
    static bool is_repeated(const detail::open_partition& p, const rd_kafka_message_t& m)
    {
        return m.offset >= p.repeats_from && detail::event_time_of(m) <= p.latest;
    }

    /// A log does not do that, unless it has been cut back, or deleted and begun anew: then what is
    /// committed says nothing about it.
    static void moved_back(detail::consumer_state& s, const detail::open_partition& p,
        std::int64_t position, std::int64_t offset)
    {
        s.fail(error(RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, severity::fatal,
            p.topic + " [" + std::to_string(p.number) + "] at offset " + std::to_string(position)
                + ": the log goes on at " + std::to_string(offset)
                + ": the topic was made again, or cut back; to read it from its beginning, take a "
                  "new group or set the group's offsets anew"));
    }

    /// librdkafka tells the errors and the end of a partition in between its messages.
    static void report(
        detail::consumer_state& s, detail::open_partition& p, const rd_kafka_message_t* m)
    {
        if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            p.finished = s.options.bounded();
            p.at_end = m->offset;
            // so that what is known of its time is kept
            if (s.timed && s.progress.position_of(p.id) < 0)
                s.progress.advance(p.id, m->offset, m->offset, s.now());
            return;
        }
        auto what = p.topic + " [" + std::to_string(p.number) + "]";
        if (m->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET
            || m->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) {
            what
                += " at offset " + std::to_string(m->offset) + ": "
                 + std::string(detail::text(rd_kafka_message_errstr(m)))
                 + "; the log does not hold that offset any more, or not yet: start at earliest "
                   "or at latest to go on";
            s.fail(error(m->err, severity::fatal, what));
        } else {
            s.link.report(error(m->err, severity_of(m->err),
                what + ": " + std::string(detail::text(rd_kafka_message_errstr(m)))));
        }
    }

    detail::consumer_handle state_;
};

} // namespace corostream::kafka
