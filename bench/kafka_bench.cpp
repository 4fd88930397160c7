// The phone count from a real broker, side by side with the best bare librdkafka loop: the same
// settings, the same hash table, the same allocator, in turn, each in a process of its own. Prints
// records a second and a CPU-second of each, and the medians of their ratios.
//
//     kafka_bench HOST:PORT [RECORDS] [RUNS]      the topic `bench-RECORDS` is made and filled when
//     it is not there
#include <corostream/kafka.hpp>
#include <corostream/operators/detail/key_hash.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace asio = boost::asio;
namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

constexpr int partitions = 2, names = 100;

struct result {
    double seconds, cpu;
    std::int64_t records;
};

/// Runs `f` in a process of its own, so that no run finds the other's threads or memory.
template <class F>
result in_child(F f)
{
    int ends[2];
    if (pipe(ends) != 0) throw std::system_error(errno, std::system_category(), "pipe");
    std::fflush(stdout);
    const auto child = fork();
    if (child < 0) throw std::system_error(errno, std::system_category(), "fork");
    if (child == 0) {
        result r{};
        int status = 0;
        try {
            const auto begin = std::chrono::steady_clock::now();
            r.records = f();
            r.seconds
                = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        } catch (const std::exception& e) {
            std::fprintf(stderr, "kafka_bench: %s\n", e.what());
            status = 1;
        }
        if (write(ends[1], &r, sizeof r) != sizeof r) status = 1;
        std::fflush(stdout);
        _exit(status);
    }
    close(ends[1]);
    result r{};
    const auto got = read(ends[0], &r, sizeof r);
    close(ends[0]);
    int status = 0;
    rusage used{};
    wait4(child, &status, 0, &used);
    if (got != sizeof r || status != 0) throw std::runtime_error("a run failed");
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    r.cpu = seconds(used.ru_utime) + seconds(used.ru_stime);
    return r;
}

struct string_hash : cs::detail::key_hash {
    using is_transparent = void;
};

/// What a good engineer writes with nothing but librdkafka.
std::int64_t bare_loop(const std::string& brokers, const std::string& topic, std::int64_t wanted)
{
    auto* conf = rd_kafka_conf_new();
    for (auto [key, value] : {std::pair("bootstrap.servers", brokers.c_str()),
             {"group.id", "bench-bare"}, {"enable.auto.commit", "false"},
             {"enable.auto.offset.store", "false"}, {"check.crcs", "true"},
             {"queued.min.messages", "100000"}, {"queued.max.messages.kbytes", "16384"}})
        rd_kafka_conf_set(conf, key, value, nullptr, 0);
    auto* rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
    rd_kafka_poll_set_consumer(rk);
    auto* list = rd_kafka_topic_partition_list_new(partitions);
    for (int p = 0; p < partitions; ++p)
        rd_kafka_topic_partition_list_add(list, topic.c_str(), p)->offset
            = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_assign(rk, list);
    rd_kafka_topic_partition_list_destroy(list);
    auto* queue = rd_kafka_queue_get_consumer(rk);

    boost::unordered_flat_map<std::string, std::int64_t, string_hash, std::equal_to<>> counts;
    std::vector<rd_kafka_message_t*> batch(1000);
    std::int64_t read = 0;
    while (read < wanted) {
        const auto n = rd_kafka_consume_batch_queue(queue, 10, batch.data(), batch.size());
        for (std::size_t i = 0; n > 0 && i < static_cast<std::size_t>(n); ++i) {
            auto* m = batch[i];
            if (m->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
                const std::string_view name(static_cast<const char*>(m->payload), m->len);
                if (auto at = counts.find(name); at != counts.end()) ++at->second;
                else counts.emplace(name, 1);
                ++read;
            }
            rd_kafka_message_destroy(m);
        }
    }
    rd_kafka_queue_destroy(queue);
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
    std::int64_t total = 0;
    for (const auto& [name, count] : counts) total += count;
    return total;
}

asio::awaitable<void> count_phones(std::string brokers, std::string topic, std::int64_t* total)
{
    auto executor = co_await asio::this_coro::executor;
    cs::kafka::consumer_options options(brokers, topic);
    options.until_end();
    cs::kafka::consumer phones(executor, options);
    {
        auto counts = phones.messages() | cs::window(4s) | cs::count_by(&cs::kafka::message::value);
        while (auto window = co_await counts.next())
            for (const auto& [phone, count] : *window) *total += count;
    }
    co_await phones.close();
}

std::int64_t pipeline(const std::string& brokers, const std::string& topic)
{
    asio::io_context context(1);
    std::int64_t total = 0;
    asio::co_spawn(context, count_phones(brokers, topic, &total), [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
    });
    context.run();
    return total;
}

asio::awaitable<void> fill(std::string brokers, std::string topic, std::int64_t records)
{
    auto executor = co_await asio::this_coro::executor;
    cs::kafka::producer to(executor, cs::kafka::producer_options(brokers).set("linger.ms", "20"));
    const auto there = co_await to.describe(topic, 10s); // a broker that creates topics does so now
    std::printf("filling %s: %lld records in %zu partitions\n", topic.c_str(),
        static_cast<long long>(records), there.size());
    std::uint64_t random = 42;
    for (std::int64_t i = 0; i < records; ++i) {
        random ^= random << 13U, random ^= random >> 7U, random ^= random << 17U;
        const auto name = "phone-model-" + std::to_string(random % names);
        cs::kafka::record r(topic, name);
        r.partition(static_cast<std::int32_t>(i % partitions));
        co_await to.enqueue(r);
    }
    co_await to.close(60s);
}

/// Makes the topic hold the wanted number of records.
std::int64_t top_up(const std::string& brokers, const std::string& topic, std::int64_t records)
{
    std::int64_t there = 0;
    try {
        there = pipeline(brokers, topic);
    } catch (const cs::kafka::error&) { // not there yet
    }
    if (there > records) throw std::runtime_error(topic + " holds too many records");
    if (there == records) return there;
    asio::io_context context(1);
    asio::co_spawn(context, fill(brokers, topic, records - there), [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
    });
    context.run();
    return records;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: kafka_bench HOST:PORT [RECORDS] [RUNS]\n");
        return 2;
    }
    const std::string brokers = argv[1];
    const std::int64_t records = argc > 2 ? std::atoll(argv[2]) : 5'000'000;
    const int runs = argc > 3 ? std::atoi(argv[3]) : 7;
    const auto topic = "bench-" + std::to_string(records);
    try {
        in_child([&] { return top_up(brokers, topic, records); });
        std::vector<double> speed, efficiency;
        for (int i = 0; i < runs; ++i) {
            const auto bare = in_child([&] { return bare_loop(brokers, topic, records); });
            const auto ours = in_child([&] { return pipeline(brokers, topic); });
            if (bare.records != ours.records)
                throw std::runtime_error("the two counted differently");
            speed.push_back(bare.seconds / ours.seconds);
            efficiency.push_back(bare.cpu / ours.cpu);
            const auto millions = [](const result& r, double by) {
                return static_cast<double>(r.records) / by / 1e6;
            };
            std::printf(
                "bare %.2f M/s %.2f M/CPU-s   corostream %.2f M/s %.2f M/CPU-s   ratio %.3f, CPU "
                "%.3f\n",
                millions(bare, bare.seconds), millions(bare, bare.cpu),
                millions(ours, ours.seconds), millions(ours, ours.cpu), speed.back(),
                efficiency.back());
        }
        std::printf("median of %d: records/s %.3f x bare, records/CPU-s %.3f x bare\n", runs,
            median(speed), median(efficiency));
    } catch (const std::exception& e) {
        std::fprintf(stderr, "kafka_bench: %s\n", e.what());
        return 1;
    }
}
