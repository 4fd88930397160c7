#pragma once

#include <corostream/core/closure.hpp>
#include <corostream/core/run.hpp>
#include <corostream/kafka/detail/produced_batches.hpp>
#include <corostream/kafka/producer.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace corostream::kafka {

namespace detail {

struct no_key {};

template <class F, class Value>
concept makes_bytes = std::invocable<F&, const Value&>
                   && std::convertible_to<std::invoke_result_t<F&, const Value&>, std::string_view>;

template <stream Stage, class Key, class Bytes>
class topic_job {
    using value_type = typename Stage::value_type;

public:
    using result_type = std::uint64_t;

    topic_job(Stage stage, producer_handle to, std::string topic, Key key, Bytes bytes)
        : stage_(std::move(stage))
        , producer_(std::move(to))
        , topic_(std::move(topic))
        , key_(std::move(key))
        , bytes_(std::move(bytes))
    {
    }

    asio::awaitable<result_type> run() &
    {
        auto batches = std::make_shared<produced_batches>();
        producer_->handlers.push_back(batches);
        const leave guard{batches.get(), producer_.get()};
        const let_go_at_end<Stage> guard_of_source(stage_);
        batches->acknowledge = [this](const cursor& c) { stage_.source().acknowledge(c); };
        for (auto got = pumped::items; !is_over(got);) {
            done_ = batches->open();
            // a failed delivery is found out soon, also when the input is idle
            const auto look = producer_->in_flight > 0
                                ? producer_->now() + std::chrono::milliseconds(500)
                                : never;
            got = co_await stage_.pump(produce_sink{{}, this, batches.get()}, look);
            co_await produce_waiting(batches.get());
            take_snapshot(stage_, batches->at());
            batches->seal();
            throw_failure(*batches);
        }
        while (batches->in_flight()) {
            co_await producer_->moved.wait();
            throw_failure(*batches);
        }
        co_return batches->delivered();
    }

private:
    struct produce_sink : null_sink {
        topic_job* job;
        produced_batches* batches;
        bool push(value_type&& v, const element&)
        {
            job->produce(v, *batches);
            return true;
        }
    };
    struct leave { // the reports outlive the job
        produced_batches* batches;
        producer_state* producer;
        ~leave()
        {
            batches->acknowledge = nullptr;
            if (!batches->in_flight())
                producer->handlers.remove_if([this](const auto& h) { return h.get() == batches; });
        }
    };
    struct waiting_record {
        std::optional<std::string> key;
        std::string value;
    };

    void produce(const value_type& v, produced_batches& batches)
    {
        decltype(auto) bytes = std::invoke(bytes_, v);
        if constexpr (std::same_as<Key, no_key>)
            produce(std::nullopt, std::string_view(bytes), batches);
        else {
            decltype(auto) key = std::invoke(key_, v);
            produce(std::string_view(key), std::string_view(bytes), batches);
        }
    }

    void produce(
        std::optional<std::string_view> key, std::string_view value, produced_batches& batches)
    {
        if (waiting_.empty() && try_produce(key, value, batches)) return;
        waiting_.push_back(
            {key ? std::optional<std::string>(*key) : std::nullopt, std::string(value)});
    }

    bool try_produce(
        std::optional<std::string_view> key, std::string_view value, produced_batches& batches)
    {
        record r(topic_, value);
        if (key) r.key(*key);
        const auto code = producer_->produce(r, done_);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) batches.produced();
        else if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) throw error(code, "sending to " + topic_);
        return code == RD_KAFKA_RESP_ERR_NO_ERROR;
    }

    /// Produces what the queue had no room for: at most one pump's records.
    asio::awaitable<void> produce_waiting(produced_batches* batches)
    {
        for (const auto& r : waiting_) {
            auto key = r.key ? std::optional<std::string_view>(*r.key) : std::nullopt;
            while (!try_produce(key, r.value, *batches)) {
                throw_failure(*batches);
                co_await producer_->moved.wait();
            }
        }
        waiting_.clear();
    }

    void throw_failure(const produced_batches& batches) const
    {
        producer_->throw_failure(topic_);
        if (batches.failed()) throw error(*batches.failed());
    }

    Stage stage_;
    producer_handle producer_;
    std::string topic_;
    Key key_;
    Bytes bytes_;
    delivery_handler* done_ = nullptr;
    std::vector<waiting_record> waiting_;
};

template <class Key, class Bytes>
class to_topic_closure : public closure {
public:
    to_topic_closure(producer_handle to, std::string topic, Key key, Bytes bytes)
        : producer_(std::move(to))
        , topic_(std::move(topic))
        , key_(std::move(key))
        , bytes_(std::move(bytes))
    {
    }

    template <stream Up>
    auto operator()(Up up) &&
    {
        using value = typename Up::value_type;
        static_assert(makes_bytes<Bytes, value>,
            "corostream: to_topic(producer, topic, ..., value): value does not make a string or "
            "string_view of the stream's value_type");
        static_assert(std::same_as<Key, no_key> || makes_bytes<Key, value>,
            "corostream: to_topic(producer, topic, key, value): key does not make a string or "
            "string_view of the stream's value_type");
        if constexpr (makes_bytes<Bytes, value>
                      && (std::same_as<Key, no_key> || makes_bytes<Key, value>))
            return topic_job<Up, Key, Bytes>(std::move(up), std::move(producer_), std::move(topic_),
                std::move(key_), std::move(bytes_));
    }

private:
    producer_handle producer_;
    std::string topic_;
    Key key_;
    Bytes bytes_;
};

} // namespace detail

/// Ends a pipeline: writes each element `v` to `topic` as a record with the value `value(v)` and
/// the key `key(v)`. Yields a job for `run`, whose result is the number of records delivered.
///
/// `key` and `value` make a string or a view of one; a view must be of the element. The element is
/// acknowledged when its record's delivery report has come: what is read from Kafka and written
/// back is written at least once. Suspends while the producer's queue is full. Errors: the first
/// delivery that fails ends the job with its `kafka::error`; neither it nor what came after it is
/// acknowledged. Cancellation: at any wait; records in flight may be delivered all the same. `to`
/// must outlive the job. Cost: librdkafka's copy of the bytes; nothing allocated an element while
/// its queue has room.
template <class Key, class Value>
auto to_topic(producer& to, std::string topic, Key key, Value value)
{
    return detail::to_topic_closure<Key, Value>(
        to.state(), std::move(topic), std::move(key), std::move(value));
}

/// The same with records that have no key.
template <class Value>
auto to_topic(producer& to, std::string topic, Value value)
{
    return detail::to_topic_closure<detail::no_key, Value>(
        to.state(), std::move(topic), {}, std::move(value));
}

} // namespace corostream::kafka
