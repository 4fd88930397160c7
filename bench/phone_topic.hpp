#pragma once

#include <corostream/kafka.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>

constexpr int phone_topic_partitions = 2;
/// Of event time, from one record to the next: 100,000 a second.
constexpr auto phone_topic_interval = std::chrono::microseconds(10);

/// Runs one coroutine to its end on a loop of its own.
inline void run_to_end(boost::asio::awaitable<void> coroutine)
{
    boost::asio::io_context context(1);
    boost::asio::co_spawn(context, std::move(coroutine), [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
    });
    context.run();
}

/// The name of a group that has committed nothing yet.
inline std::string fresh_group()
{
    static std::random_device random;
    return "bench-" + std::to_string(random());
}

namespace detail {

inline boost::asio::awaitable<void> count_topic(
    std::string brokers, std::string topic, std::int64_t* count)
{
    namespace kafka = corostream::kafka;
    kafka::consumer from(co_await boost::asio::this_coro::executor,
        kafka::consumer_options(brokers, topic).until_end());
    {
        auto job
            = from.messages() | corostream::for_each([count](const kafka::message&) { ++*count; });
        try {
            co_await job.run();
        } catch (const kafka::error& e) {
            if (e.code() != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) throw;
        }
    }
    co_await from.close();
}

inline boost::asio::awaitable<void> fill_topic(
    std::string brokers, std::string topic, std::int64_t records)
{
    namespace kafka = corostream::kafka;
    kafka::producer to(co_await boost::asio::this_coro::executor,
        kafka::producer_options(brokers).set("linger.ms", "20"));
    std::printf("filling %s: %lld records\n", topic.c_str(), static_cast<long long>(records));
    const auto start = std::chrono::time_point_cast<corostream::duration>(
        std::chrono::system_clock::now() - records * phone_topic_interval);
    std::uint64_t random = 42;
    for (std::int64_t i = 0; i < records; ++i) {
        random ^= random << 13U, random ^= random >> 7U, random ^= random << 17U;
        const auto name = "phone-model-" + std::to_string(random % 100);
        kafka::record r(topic, name);
        r.partition(static_cast<std::int32_t>(i % phone_topic_partitions));
        r.timestamp(start + i * phone_topic_interval);
        co_await to.enqueue(r);
    }
    co_await to.close(std::chrono::seconds(60));
}

} // namespace detail

/// Makes `topic` hold so many records of 13 or 14 bytes, 100 different ones, stamped in order.
inline std::int64_t fill_phone_topic(
    const std::string& brokers, const std::string& topic, std::int64_t records)
{
    std::int64_t there = 0;
    run_to_end(detail::count_topic(brokers, topic, &there));
    if (there > records) throw std::runtime_error(topic + " holds too many records");
    if (there < records) run_to_end(detail::fill_topic(brokers, topic, records - there));
    return records;
}
