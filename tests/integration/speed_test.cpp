// Much of it, and what it costs. The figures are printed; the bounds are for a machine that does
// other things too.

#include <corostream/kafka.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_events.hpp>
#include <support/kafka_run.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <sys/resource.h>

namespace {

thread_local bool counting_allocations = false;
thread_local std::uint64_t allocations = 0;

} // namespace

// Only what this program itself allocates comes here: librdkafka is C.
[[gnu::noinline]] void* operator new(std::size_t size)
{
    if (counting_allocations) ++allocations;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

namespace kafka = cs::kafka;
using kafka::consumer;
using kafka::consumer_options;
using kafka::message;

std::chrono::duration<double> cpu_time()
{
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    auto seconds = [](timeval t) {
        return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec);
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

TEST(Speed, TwoMillionRecordsAreEachReadOnce)
{
    constexpr int partitions = 2;
    constexpr std::uint32_t count = 2'000'000;
    kafka_cluster cluster;
    const auto topic = cluster.topic(partitions);
    for (std::uint32_t i = 0; i < count; ++i) {
        std::string number(reinterpret_cast<const char*>(&i), sizeof i); // NOLINT: bytes
        cluster.write(topic, number + "0123456789", static_cast<std::int32_t>(i % partitions));
    }
    cluster.flush();

    kafka_run run;
    std::vector<std::uint8_t> times(count);
    std::vector<std::int64_t> next(partitions, 0);
    std::uint64_t read = 0, out_of_order = 0;
    const auto begin = std::chrono::steady_clock::now();
    const auto cpu = cpu_time();
    const auto group = fresh_name("group");
    consumer from(
        run.io.get_executor(), consumer_options(cluster.brokers(), topic).group(group).until_end());
    auto look = [&](const message& m) {
        std::uint32_t number = 0;
        std::memcpy(&number, m.value().data(), sizeof number);
        ++times.at(number);
        ++read;
        out_of_order += m.offset() != next[static_cast<std::size_t>(m.partition())]++;
    };
    auto job = from.messages() | cs::for_each(look);
    run.finish(job.run(), 60s);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::printf("[          ] %.0f records/s, %.2f s, %.2f CPU seconds\n", count / took.count(),
        took.count(), (cpu_time() - cpu).count());
    run.finish(from.close());
    EXPECT_EQ(read, count);
    EXPECT_EQ(out_of_order, 0U);
    EXPECT_EQ(std::count(times.begin(), times.end(), 1), count);
    for (std::int32_t p = 0; p < partitions; ++p)
        EXPECT_EQ(cluster.committed(group, topic, p), count / partitions);
}

TEST(Speed, ReadingAllocatesNothingAMessage)
{
    constexpr int partitions = 2, count = 200'000;
    kafka_cluster cluster;
    const auto topic = cluster.topic(partitions);
    for (int i = 0; i < count; ++i)
        cluster.write(topic, "phone " + std::to_string(i % 100), i % partitions);
    cluster.flush();
    kafka_run run;
    consumer from(run.io.get_executor(), consumer_options(cluster.brokers(), topic).until_end());
    int seen = 0;
    std::uint64_t steady = 0;
    auto look = [&](const message&) {
        if (++seen == count / 2) steady = allocations;
    };
    std::int64_t counted = 0;
    auto add = [&](const auto& window) {
        for (const auto& [phone, times] : window) counted += times;
    };
    auto job = from.messages() | cs::tap(look) | cs::window(1h) | cs::count_by(&message::value)
             | cs::for_each(add);
    counting_allocations = true;
    run.finish(job.run(), 60s);
    counting_allocations = false;
    // a batch costs a few, in Asio and for its coroutine
    std::printf("[          ] %llu allocations for the last %d messages\n",
        static_cast<unsigned long long>(allocations - steady), count / 2);
    EXPECT_LT(allocations - steady, count / 2 / 20);
    EXPECT_EQ(counted, count);
    run.finish(from.close());
}

TEST(Speed, AnIdlePipelineUsesNoProcessorToSpeakOf)
{
    kafka_cluster cluster;
    const auto topic = cluster.topic(2);
    kafka_run run;
    auto heard = std::make_shared<heard_events>();
    consumer from(run.io.get_executor(), consumer_options(cluster.brokers(), topic)
                                             .group(fresh_name("group"))
                                             .on(heard_events::handlers(heard)));
    auto job = from.messages() | cs::window(1s) | cs::count() | cs::for_each([](const auto&) {});
    auto counting = run.start(job.run());
    ASSERT_TRUE(run.wait([&] { return heard->partitions() == 2; }));
    constexpr auto idle = 4s;
    const auto cpu = cpu_time();
    run.io.run_for(idle);
    const auto part = (cpu_time() - cpu) / idle;
    std::printf(
        "[          ] %.2f %% of a core, the writing side's threads included\n", part * 100);
    EXPECT_LT(part, 0.005);
    from.stop();
    run.finish(counting);
    run.finish(from.close());
}

asio::awaitable<void> write_now_and_then(kafka_run* run, kafka_cluster* to, std::string topic)
{
    cs::wakeup nobody(run->io.get_executor());
    for (const auto end = run->now() + 5s; run->now() < end;) {
        to->write(topic, "v", 0);
        co_await nobody.wait(run->now() + 7ms);
    }
}

TEST(Speed, AWindowClosesSoonAfterItsBoundary)
{
    kafka_cluster cluster;
    const auto topic = cluster.topic(1);
    kafka_run run;
    std::vector<cs::duration> late;
    consumer from(run.io.get_executor(), consumer_options(cluster.brokers(), topic));
    auto& clock = cs::clock::of(run.io.get_executor());
    auto look = [&](const auto& window) { late.push_back(clock.now() - window.end_time()); };
    auto job = from.messages() | cs::window(20ms).emit_empty() | cs::count() | cs::for_each(look);
    auto counting = run.start(job.run());
    auto writing = run.start(write_now_and_then(&run, &cluster, topic));
    run.io.run_for(6s);
    run.finish(writing);
    cluster.flush();
    from.stop();
    run.finish(counting);
    run.finish(from.close());
    ASSERT_GE(late.size(), 250U);
    std::sort(late.begin(), late.end());
    const auto p50 = late[late.size() / 2], p99 = late[late.size() * 99 / 100];
    std::printf(
        "[          ] %zu windows: p50 %.2f ms, p99 %.2f ms, worst %.2f ms after their end\n",
        late.size(), static_cast<double>(p50.count()) / 1e3, static_cast<double>(p99.count()) / 1e3,
        static_cast<double>(late.back().count()) / 1e3);
    EXPECT_GE(late.front(), 0us) << "never before it";
    EXPECT_LT(p50, 10ms) << "the worst ones say more about the machine";
}

} // namespace
