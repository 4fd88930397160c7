// The phone count from a topic of a real broker to another one, side by side with the best bare
// librdkafka loop: the same settings, hash and allocator, in turn, each in a process of its own.
// Windows are of 4 s by arrival, or by the records' timestamps. Prints records a second and a
// CPU-second, the most memory, and the medians of their ratios.
//
//     kafka_bench HOST:PORT [RECORDS] [RUNS] [arrival|event]
//
// The topic `bench-RECORDS` is made and filled when it is not there.

#include "in_child.hpp"
#include "median.hpp"
#include "phone_topic.hpp"
#include "string_tables.hpp"
#include "tumbling_by_hand.hpp"

#include <corostream/kafka.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace asio = boost::asio;
namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

constexpr auto results = "bench-counts";
constexpr auto bound = 1s; // how far records may be out of order
enum class by {
    arrival,
    event
};

using counts_of = flat_map_our_hash<std::int64_t>;

rd_kafka_t* bare_client(
    rd_kafka_type_t type, std::vector<std::pair<const char*, const char*>> settings)
{
    auto* conf = rd_kafka_conf_new();
    for (auto [key, value] : settings) rd_kafka_conf_set(conf, key, value, nullptr, 0);
    return rd_kafka_new(type, conf, nullptr, 0);
}

/// Writes a window's counts, and yields their sum.
std::int64_t bare_write(rd_kafka_t* to, const counts_of& counts)
{
    auto* topic = rd_kafka_topic_new(to, results, nullptr);
    std::int64_t total = 0;
    for (const auto& [name, count] : counts) {
        auto text = std::to_string(count);
        rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, text.data(),
            text.size(), name.data(), name.size(), nullptr);
        total += count;
    }
    rd_kafka_topic_destroy(topic);
    rd_kafka_poll(to, 0);
    return total;
}

/// Counts by arrival: what there is when 4 s have passed.
class counts_by_arrival {
public:
    void begin_batch(rd_kafka_t* to)
    {
        if (std::chrono::steady_clock::now() < end_) return;
        write(to);
        end_ += 4s;
    }
    void add(const rd_kafka_message_t&, std::string_view name)
    {
        if (auto at = counts_.find(name); at != counts_.end()) ++at->second;
        else counts_.emplace(name, 1);
    }
    void end_batch(rd_kafka_t*) {}
    std::int64_t finish(rd_kafka_t* to)
    {
        write(to);
        return total_;
    }

private:
    void write(rd_kafka_t* to)
    {
        total_ += bare_write(to, counts_);
        counts_.clear();
    }

    counts_of counts_;
    std::int64_t total_ = 0;
    std::chrono::steady_clock::time_point end_ = std::chrono::steady_clock::now() + 4s;
};

/// Counts by the records' timestamps.
class counts_by_event_time {
public:
    void begin_batch(rd_kafka_t*) {}
    void add(const rd_kafka_message_t& m, std::string_view name)
    {
        rd_kafka_timestamp_type_t type{};
        const std::chrono::milliseconds time(rd_kafka_message_timestamp(&m, &type));
        windows_.add(cs::time_point(time), name, at_.of(static_cast<std::size_t>(m.partition)));
    }
    void end_batch(rd_kafka_t* to) { write(to, at_.lowest()); }
    std::int64_t finish(rd_kafka_t* to)
    {
        write(to, cs::never);
        return total_;
    }

private:
    void write(rd_kafka_t* to, cs::time_point reached)
    {
        windows_.emit_until(reached,
            [&](cs::time_point, const counts_of& counts) { total_ += bare_write(to, counts); });
    }

    watermarks at_{phone_topic_partitions};
    tumbling_by_hand<counts_of> windows_{bound};
    std::int64_t total_ = 0;
};

/// What a good engineer writes with nothing but librdkafka.
template <class Counts>
std::int64_t bare_loop(const std::string& brokers, const std::string& topic, std::int64_t wanted,
    const std::function<void()>& done)
{
    auto* to = bare_client(RD_KAFKA_PRODUCER,
        {{"bootstrap.servers", brokers.c_str()}, {"enable.idempotence", "true"}});
    auto* rk = bare_client(RD_KAFKA_CONSUMER,
        {{"bootstrap.servers", brokers.c_str()}, {"group.id", "bench-bare"},
            {"enable.auto.commit", "false"}, {"enable.auto.offset.store", "false"},
            {"check.crcs", "true"}, {"queued.min.messages", "100000"},
            {"queued.max.messages.kbytes", "16384"}});
    rd_kafka_poll_set_consumer(rk);
    // librdkafka begins half a second later when it does not know the leaders yet
    auto* handle = rd_kafka_topic_new(rk, topic.c_str(), nullptr);
    const rd_kafka_metadata_t* leaders = nullptr;
    if (rd_kafka_metadata(rk, 0, handle, &leaders, 5000) == RD_KAFKA_RESP_ERR_NO_ERROR)
        rd_kafka_metadata_destroy(leaders);
    rd_kafka_topic_destroy(handle);
    auto* list = rd_kafka_topic_partition_list_new(phone_topic_partitions);
    for (int p = 0; p < phone_topic_partitions; ++p)
        rd_kafka_topic_partition_list_add(list, topic.c_str(), p)->offset
            = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_assign(rk, list);
    rd_kafka_topic_partition_list_destroy(list);
    auto* queue = rd_kafka_queue_get_consumer(rk);

    Counts counts;
    std::vector<rd_kafka_message_t*> batch(1000);
    std::int64_t read = 0;
    while (read < wanted) {
        const auto n = rd_kafka_consume_batch_queue(queue, 10, batch.data(), batch.size());
        counts.begin_batch(to);
        for (std::size_t i = 0; n > 0 && i < static_cast<std::size_t>(n); ++i) {
            auto* m = batch[i];
            if (m->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
                const std::string_view name(static_cast<const char*>(m->payload), m->len);
                counts.add(*m, name);
                ++read;
            }
            rd_kafka_message_destroy(m);
        }
        counts.end_batch(to);
    }
    const auto total = counts.finish(to);
    rd_kafka_flush(to, 10'000);
    done();
    rd_kafka_destroy(to);
    rd_kafka_queue_destroy(queue);
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
    return total;
}

/// Writes each window's counts, and adds them up.
template <class Counts>
asio::awaitable<void> write_all(Counts& counts, cs::kafka::producer& to, std::int64_t* total)
{
    while (auto window = co_await counts.next())
        for (const auto& [phone, count] : *window) {
            const auto text = std::to_string(count);
            cs::kafka::record r(results, text);
            r.key(phone);
            co_await to.enqueue(r);
            *total += count;
        }
}

asio::awaitable<void> count_phones(std::string brokers, std::string topic, by time,
    std::function<void()> done, std::int64_t* total)
{
    auto executor = co_await asio::this_coro::executor;
    cs::kafka::consumer_options options(brokers, topic);
    options.until_end();
    cs::kafka::consumer phones(executor, options);
    cs::kafka::producer to(executor, cs::kafka::producer_options(brokers));
    auto names = cs::count_by(&cs::kafka::message::value);
    if (time == by::arrival) {
        auto counts = phones.messages() | cs::window(4s) | names;
        co_await write_all(counts, to, total);
    } else {
        auto counts = phones.messages() | cs::event_time(bound) | cs::window(4s) | names;
        co_await write_all(counts, to, total);
    }
    co_await to.flush(10s);
    done();
    co_await to.close();
    co_await phones.close();
}

std::int64_t pipeline(const std::string& brokers, const std::string& topic, by time,
    const std::function<void()>& done)
{
    std::int64_t total = 0;
    run_to_end(count_phones(brokers, topic, time, done, &total));
    return total;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: kafka_bench HOST:PORT [RECORDS] [RUNS] [arrival|event]\n");
        return 2;
    }
    const std::string brokers = argv[1];
    const std::int64_t records = argc > 2 ? std::atoll(argv[2]) : 5'000'000;
    const int runs = argc > 3 ? std::atoi(argv[3]) : 7;
    const auto time = argc > 4 && std::string_view(argv[4]) == "event" ? by::event : by::arrival;
    const auto topic = "bench-" + std::to_string(records);
    try {
        in_child([&](const auto&) { return fill_phone_topic(brokers, topic, records); });
        std::vector<double> speed, efficiency, memory;
        for (int i = 0; i < runs; ++i) {
            const auto bare = in_child([&](const auto& done) {
                return time == by::event
                         ? bare_loop<counts_by_event_time>(brokers, topic, records, done)
                         : bare_loop<counts_by_arrival>(brokers, topic, records, done);
            });
            const auto ours = in_child(
                [&](const auto& done) { return pipeline(brokers, topic, time, done); });
            if (bare.records != ours.records)
                throw std::runtime_error("the two counted differently");
            speed.push_back(bare.seconds / ours.seconds);
            efficiency.push_back(bare.cpu_seconds / ours.cpu_seconds);
            memory.push_back(ours.megabytes / bare.megabytes);
            for (const auto& [name, of] :
                {std::pair("bare", bare), std::pair("corostream", ours)}) {
                const auto millions = static_cast<double>(of.records) / 1e6;
                std::printf("%s %.2f M/s %.2f M/CPU-s %.0f MB   ", name, millions / of.seconds,
                    millions / of.cpu_seconds, of.megabytes);
            }
            std::printf("ratio %.3f, CPU %.3f\n", speed.back(), efficiency.back());
        }
        std::printf("median of %d: records/s %.3f x bare, records/CPU-s %.3f x bare, memory %.2f x "
                    "bare\n",
            runs, median(speed), median(efficiency), median(memory));
    } catch (const std::exception& e) {
        std::fprintf(stderr, "kafka_bench: %s\n", e.what());
        return 1;
    }
}
