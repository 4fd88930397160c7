#pragma once

#include <corostream/kafka/detail/cluster.hpp>
#include <corostream/kafka/detail/helper_thread.hpp>
#include <corostream/kafka/detail/producer_state.hpp>
#include <corostream/kafka/producer_options.hpp>
#include <corostream/kafka/record.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace corostream::kafka {

namespace detail {

using producer_handle = std::shared_ptr<producer_state>;

/// Drains the queues of a producer whenever they signal.
inline asio::awaitable<void> serve(producer_handle s)
{
    try {
        while (!s->over) {
            s->drain();
            co_await s->link.signal().wait();
        }
    } catch (const boost::system::system_error&) { // cancelled: over
    }
}

/// See `producer::enqueue`.
inline asio::awaitable<void> enqueue(producer_handle s, record r, delivery_handler* done)
{
    for (;;) {
        s->throw_failure(r.topic());
        const auto code = s->produce(r, done);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) co_return;
        if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            throw error(code, "sending to " + std::string(r.topic()));
        co_await s->moved.wait();
    }
}

} // namespace detail

/// Writes to topics: a Kafka producer, idempotent by default, whose sends are awaited.
///
/// Everything runs on one executor, which must not run two handlers at once; nothing polls, nothing
/// blocks it, and nothing is dropped: with librdkafka's queue full, sending suspends until delivery
/// reports make room. `co_await close()` before it goes: the destructor does not wait for what is
/// in flight. Distinct objects: safe. Shared objects: unsafe.
class producer {
public:
    /// Begins to connect. Throws `config_error` for a property librdkafka does not take.
    producer(const asio::any_io_executor& executor, producer_options options)
        : state_(std::make_shared<detail::producer_state>(executor, std::move(options)))
    {
        asio::co_spawn(executor, detail::serve(state_), asio::detached);
        asio::co_spawn(executor, detail::watch_refusal(state_), asio::detached);
    }
    producer(producer&&) = default;
    producer& operator=(producer&&) = delete;
    producer(const producer&) = delete;
    producer& operator=(const producer&) = delete;
    ~producer()
    {
        if (state_) state_->finish();
    }

    /// Sends one record and waits for its delivery report. Throws `kafka::error` if it is not
    /// delivered: too large, its `message.timeout.ms` over, refused by the broker. Ends with
    /// `operation_aborted` when cancelled; the record may be delivered all the same. Cost: one
    /// allocation; for many in flight at once use `enqueue`.
    asio::awaitable<delivery> send(record r)
    {
        auto s = state_;
        auto& op = s->sends.emplace_back();
        const auto at = std::prev(s->sends.end());
        op.handler = [&op, at, p = s.get()](const delivery& where, const error* failed) {
            op.where = where;
            if (failed) op.failed = *failed;
            op.reported = true;
            if (op.abandoned) p->sends.erase(at);
        };
        // a coroutine that is cancelled leaves its place to the report, which still comes
        struct leave {
            detail::producer_state* s;
            std::list<detail::producer_state::awaited>::iterator at;
            bool given = false;
            ~leave()
            {
                if (given && !at->reported) at->abandoned = true;
                else s->sends.erase(at);
            }
        } guard{s.get(), at};
        co_await enqueue(std::move(r), &op.handler);
        guard.given = true;
        while (!op.reported) co_await s->moved.wait();
        if (op.failed) throw error(*op.failed);
        co_return op.where;
    }

    /// Gives one record to librdkafka, waiting while its queue is full; completes when librdkafka
    /// has copied it. `*done` is told of its fate later; it may be null, and must live until then.
    /// Throws `kafka::error` if the record cannot be sent at all, such as one larger than
    /// `message.max.bytes`; `*done` is then not called. Ends with `operation_aborted` when
    /// cancelled, the record not sent. Cost: no allocation of ours in steady state.
    asio::awaitable<void> enqueue(record r, delivery_handler* done = nullptr)
    {
        return detail::enqueue(state_, std::move(r), done);
    }

    /// As `enqueue`, but never waits: false if the queue is full.
    bool try_enqueue(const record& r, delivery_handler* done = nullptr)
    {
        state_->throw_failure(r.topic());
        const auto code = state_->produce(r, done);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            throw error(code, "sending to " + std::string(r.topic()));
        return code == RD_KAFKA_RESP_ERR_NO_ERROR;
    }

    /// How many records have been sent and not reported yet.
    std::size_t in_flight() const { return state_->unreported(); }

    /// Waits until nothing is in flight. Throws `kafka::error` if that takes longer than `timeout`.
    asio::awaitable<void> flush(duration timeout)
    {
        auto s = state_;
        const auto deadline = s->now() + timeout;
        while (s->unreported() > 0 && s->now() < deadline)
            co_await s->moved.wait(deadline);
        if (s->unreported() > 0)
            throw error(RD_KAFKA_RESP_ERR__TIMED_OUT,
                "delivering " + std::to_string(s->unreported()) + " records in flight");
    }

    /// Ends the producer: waits for what is in flight, then destroys librdkafka's client. What is
    /// not delivered within `timeout` is given up: its handlers are told, and `kafka::error`
    /// thrown.
    asio::awaitable<void> close(duration timeout = std::chrono::seconds(5))
    {
        auto s = state_;
        if (!s->link.handle()) co_return;
        const auto deadline = s->now() + timeout;
        std::exception_ptr late;
        try {
            co_await flush(timeout);
        } catch (const error&) {
            late = std::current_exception();
        }
        s->closed = true; // for those who wait for room, too
        if (late) { // every record gets its report, then
            s->purge(RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
            const auto purged = s->now() + std::chrono::seconds(1);
            while (s->unreported() > 0 && s->now() < purged) {
                s->drain();
                if (s->unreported() > 0)
                    co_await s->moved.wait(
                        std::min(purged, s->now() + std::chrono::milliseconds(20)));
            }
        }
        s->finish();
        auto last = [handle = s->release()]() mutable {
            handle.reset();
            return true;
        };
        const auto grace = std::max(deadline, s->now() + std::chrono::milliseconds(500));
        static_cast<void>(co_await detail::on_helper_thread(std::move(last), grace, &s->moved));
        if (late) std::rethrow_exception(late);
    }

    /// Asks the cluster for the partitions of `topic`. Throws `kafka::error` when it does not
    /// answer within `timeout`, or says that the topic is missing (a broker may be set up to create
    /// it).
    asio::awaitable<std::vector<topic_partition>> describe(std::string topic, duration timeout)
    {
        return detail::describe(state_->link, std::vector<std::string>{std::move(topic)}, timeout);
    }

    /// The state behind it, for `to_topic`.
    const detail::producer_handle& state() const { return state_; }

private:
    detail::producer_handle state_;
};

} // namespace corostream::kafka
