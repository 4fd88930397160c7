// How long a group takes over: from the start of a second member to its partitions, beside bare
// librdkafka consumers that do the same; and from the restart of a killed member to its first
// window, with and without `group.instance.id`.
//
//     recovery_bench HOST:PORT [RUNS]

#include "in_child.hpp"
#include "median.hpp"
#include "phone_topic.hpp"

#include <corostream/kafka.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace cs = corostream;
namespace kafka = cs::kafka;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

constexpr auto topic = "bench-recovery";
constexpr std::int64_t records = 1000;

double seconds_since(steady::time_point begin)
{
    return std::chrono::duration<double>(steady::now() - begin).count();
}

kafka::consumer_options options(const std::string& brokers, const std::string& group)
{
    return kafka::consumer_options(brokers, topic)
        .group(group)
        .set("heartbeat.interval.ms", "100") // by which a member hears of a change
        .set("session.timeout.ms", "6000");
}

asio::awaitable<void> pass(cs::duration time)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

template <class Condition>
asio::awaitable<void> until(Condition condition)
{
    while (!condition()) co_await pass(1ms);
}

asio::awaitable<void> hold_in_a_window(kafka::consumer* from)
{
    auto job = from->messages() | cs::window(1h) | cs::count() | cs::for_each([](const auto&) {});
    co_await job.run();
}

/// A second member joins one that holds records in an open window.
asio::awaitable<void> join(std::string brokers, double* took)
{
    const auto executor = co_await asio::this_coro::executor;
    const auto group = fresh_group();
    kafka::consumer first(executor, options(brokers, group));
    asio::co_spawn(executor, hold_in_a_window(&first), asio::detached);
    co_await until([&] {
        std::int64_t held = 0;
        for (const auto& p : first.status()) held += p.held();
        return held == records;
    });
    co_await pass(500ms);
    const auto begin = steady::now();
    kafka::consumer second(executor, options(brokers, group));
    asio::co_spawn(executor, hold_in_a_window(&second), asio::detached);
    co_await until([&] { return !second.status().empty(); });
    *took = seconds_since(begin);
    first.stop();
    second.stop();
    co_await pass(10ms);
    co_await second.close();
    co_await first.close();
}

double joining(const std::string& brokers)
{
    double took = 0;
    run_to_end(join(brokers, &took));
    return took;
}

struct bare_consumer {
    bare_consumer(const std::string& brokers, const std::string& group)
    {
        auto* conf = rd_kafka_conf_new();
        for (auto [key, value] : {std::pair("bootstrap.servers", brokers.c_str()),
                 std::pair("group.id", group.c_str()), std::pair("heartbeat.interval.ms", "100"),
                 std::pair("session.timeout.ms", "6000"),
                 std::pair("enable.auto.commit", "false"),
                 std::pair("auto.offset.reset", "earliest")})
            rd_kafka_conf_set(conf, key, value, nullptr, 0);
        rd_kafka_conf_set_opaque(conf, this);
        rd_kafka_conf_set_rebalance_cb(conf, &bare_consumer::rebalanced);
        rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
        rd_kafka_poll_set_consumer(rk);
        auto* list = rd_kafka_topic_partition_list_new(1);
        rd_kafka_topic_partition_list_add(list, topic, RD_KAFKA_PARTITION_UA);
        rd_kafka_subscribe(rk, list);
        rd_kafka_topic_partition_list_destroy(list);
    }
    bare_consumer(const bare_consumer&) = delete;
    bare_consumer& operator=(const bare_consumer&) = delete;
    ~bare_consumer()
    {
        rd_kafka_consumer_close(rk);
        rd_kafka_destroy(rk);
    }

    /// Reads what is there, and returns how many partitions it has.
    int poll() const
    {
        while (auto* m = rd_kafka_consumer_poll(rk, 1)) rd_kafka_message_destroy(m);
        return owned;
    }

    // asking librdkafka for the assignment would wake its main thread, and so speed it up
    static void rebalanced(rd_kafka_t* rk, rd_kafka_resp_err_t what,
        rd_kafka_topic_partition_list_t* partitions, void* self)
    {
        const bool gives = what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
        rd_kafka_assign(rk, gives ? partitions : nullptr);
        static_cast<bare_consumer*>(self)->owned = gives ? partitions->cnt : 0;
    }

    int owned = 0;
    rd_kafka_t* rk;
};

double bare_joining(const std::string& brokers)
{
    const auto group = fresh_group();
    const bare_consumer first(brokers, group);
    while (first.poll() < phone_topic_partitions) {}
    for (const auto begin = steady::now(); seconds_since(begin) < 0.5;) first.poll();
    const auto begin = steady::now();
    const bare_consumer second(brokers, group);
    while (second.poll() == 0) first.poll();
    return seconds_since(begin);
}

/// What `seconds` measures, in a process of its own.
double milliseconds_of(double (*seconds)(const std::string&), const std::string& brokers)
{
    const auto result = in_child([&](const auto&) {
        return static_cast<std::int64_t>(1e6 * seconds(brokers));
    });
    return static_cast<double>(result.records) / 1e3;
}

/// A member that reads until its first window, and is gone without a word.
asio::awaitable<void> first_window(kafka::consumer_options chosen, std::function<void()> done)
{
    kafka::consumer from(co_await asio::this_coro::executor, chosen);
    auto counts = from.messages() | cs::window(100ms) | cs::count();
    co_await counts.next();
    done();
} // and not closed

/// From a killed member's restart to its first window.
double restart(const std::string& brokers, bool is_static)
{
    auto chosen = options(brokers, fresh_group()).commit_interval(24h);
    if (is_static) chosen.set("group.instance.id", "one");
    double took = 0;
    for (int life = 0; life < 2; ++life)
        took = in_child([&](const auto& done) {
            run_to_end(first_window(chosen, done));
            return 0;
        }).seconds;
    return took;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: recovery_bench HOST:PORT [RUNS]\n");
        return 2;
    }
    const std::string brokers = argv[1];
    const int runs = argc > 2 ? std::atoi(argv[2]) : 11;
    try {
        in_child([&](const auto&) { return fill_phone_topic(brokers, topic, records); });
        std::vector<double> bare, ours, dynamic, fixed;
        for (int i = 0; i < runs; ++i) {
            bare.push_back(milliseconds_of(bare_joining, brokers));
            ours.push_back(milliseconds_of(joining, brokers));
            dynamic.push_back(restart(brokers, false));
            fixed.push_back(restart(brokers, true));
            std::printf("joining: bare %.0f ms, corostream %.0f ms; restart: %.2f s, with "
                        "group.instance.id %.2f s\n",
                bare.back(), ours.back(), dynamic.back(), fixed.back());
        }
        std::printf("median of %d: joining bare %.0f ms, corostream %.0f ms; restart %.2f s, with "
                    "group.instance.id %.2f s\n",
            runs, median(bare), median(ours), median(dynamic), median(fixed));
    } catch (const std::exception& e) {
        std::fprintf(stderr, "recovery_bench: %s\n", e.what());
        return 1;
    }
}
