// Windows by event time over four partitions of a real Kafka, one of which has no records at all
// and one of which stops midway: each window closes when it should, and nothing is late.

#include <corostream/corostream.hpp>
#include <corostream/kafka.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_run.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace kafka = cs::kafka;

constexpr std::chrono::milliseconds bound = 500ms, idle = 1500ms, size = 1000ms;

/// How far the highest time that was written may be behind the clock, since they are random.
constexpr std::chrono::milliseconds behind = 250ms;

/// What was counted, and how long after its end each window came.
struct counted {
    struct window {
        std::int64_t count;
        cs::duration lag;
    };
    std::map<cs::time_point, window> windows; // by their end
    int twice = 0;
    cs::time_counts dropped;
};

auto timed(kafka::consumer& from)
{
    return from.messages() | cs::event_time(bound).idle_after(idle);
}

template <class Stream>
asio::awaitable<void> count(Stream events, counted* into)
{
    const auto executor = co_await asio::this_coro::executor;
    auto& clock = cs::clock::of(executor);
    auto counts = std::move(events) | cs::window(size).count(into->dropped) | cs::count();
    while (auto w = co_await counts.next()) {
        const auto [at, fresh] = into->windows.try_emplace(
            w->end_time(), counted::window{w->value(), clock.now() - w->end_time()});
        if (!fresh) ++into->twice;
    }
}

/// Writes 200 records a second to each of the partitions, out of order up to the bound.
class writer {
public:
    writer(kafka_cluster& cluster, std::string topic, kafka_run& run)
        : cluster_(cluster)
        , topic_(std::move(topic))
        , clock_(cs::clock::of(run.io.get_executor()))
        , thread_([this] { write(); })
    {
    }
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;
    ~writer()
    {
        partitions = 0;
        stopped_ = true;
        thread_.join();
    }

    std::atomic<unsigned> partitions = 7; ///< a bit each
    std::atomic<int> written = 0;

private:
    void write()
    {
        std::mt19937 random(7); // NOLINT(cert-msc32-c, cert-msc51-cpp): any will do
        for (auto next = std::chrono::steady_clock::now(); !stopped_; next += 5ms) {
            std::this_thread::sleep_until(next);
            for (int p = 0; p < 4; ++p) {
                if ((partitions & (1U << static_cast<unsigned>(p))) == 0) continue;
                // less than the bound, since a record takes a moment to be written
                const auto back = std::chrono::milliseconds(random() % 450);
                const auto time = clock_.now() - back;
                written_record r{.value = "x", .partition = p};
                r.time_ms = time.time_since_epoch() / 1ms;
                cluster_.write(topic_, r);
                ++written;
            }
            rd_kafka_poll(cluster_.handle(), 0);
        }
        cluster_.flush();
    }

    kafka_cluster& cluster_;
    std::string topic_;
    const cs::clock& clock_;
    std::atomic<bool> stopped_ = false;
    std::thread thread_;
};

/// The lags of the windows that end in `[from, until)`, the largest last.
std::vector<cs::duration> lags(const counted& all, cs::time_point from, cs::time_point until)
{
    std::vector<cs::duration> found;
    for (const auto& [end, w] : all.windows)
        if (end >= from && end < until) found.push_back(w.lag);
    std::sort(found.begin(), found.end());
    return found;
}

/// Windows come the bound after their end and a moment.
void expect_only_the_bound(const std::vector<cs::duration>& sorted)
{
    ASSERT_FALSE(sorted.empty());
    EXPECT_GE(sorted.front(), bound - 10ms);
    EXPECT_LE(sorted[sorted.size() / 2], bound + 250ms);
}

double ms(cs::duration d) { return std::chrono::duration<double, std::milli>(d).count(); }

/// All that was counted.
std::int64_t total(const counted& seen)
{
    std::int64_t sum = 0;
    for (const auto& [end, w] : seen.windows) sum += w.count;
    return sum;
}

TEST(EventTime, WindowsCloseWhenTheyShouldThoughPartitionsAreSilentAndNothingIsLate)
{
    kafka_cluster cluster;
    kafka_run run;
    const auto topic = cluster.topic(4);
    kafka::consumer from(run.io.get_executor(), kafka::consumer_options(cluster.brokers(), topic));
    counted seen;
    auto job = run.start(count(timed(from), &seen));

    cs::time_point stops_midway, comes_back, all_stop;
    int written = 0;
    {
        writer load(cluster, topic, run);
        run.pass(4s);
        stops_midway = run.now();
        load.partitions = 3; // partition 2 stops; partition 3 has been silent from the start
        run.pass(5s);
        comes_back = run.now();
        load.partitions = 7; // which moves nothing back
        run.pass(2s);
        all_stop = run.now();
        load.partitions = 0;
        run.pass(100ms);
        written = load.written;
    }
    // all are idle: the wall clock closes the last windows
    EXPECT_TRUE(run.wait([&] { return total(seen) == written; }, 10s));
    EXPECT_EQ(total(seen), written);
    EXPECT_EQ(seen.dropped.late, 0U);
    EXPECT_EQ(seen.twice, 0);

    // once the silent one is known to be, windows come the bound after their end and a moment
    const auto known = stops_midway - 2s;
    const auto steady = lags(seen, known, stops_midway - bound - behind);
    // while partition 2 may come back, they wait until it is proved to be idle
    const auto waiting = lags(seen, stops_midway, stops_midway + 1s);
    // then they come as before
    const auto after = lags(seen, stops_midway + idle + 1s, comes_back - bound);
    const auto back = lags(seen, comes_back, all_stop - bound - behind);
    const auto last = seen.windows.rbegin()->second.lag;
    for (const auto* all : {&steady, &waiting, &after, &back}) ASSERT_FALSE(all->empty());
    std::cout << written << " records in " << seen.windows.size() << " windows; lag steady "
              << ms(steady.back()) << " ms, while one may come back " << ms(waiting.back())
              << " ms, then " << ms(after.back()) << " ms, with it back " << ms(back.back())
              << " ms, at the end " << ms(last)
              << " ms\n"
              << std::flush;
    expect_only_the_bound(steady);
    for (const auto& [end, w] : seen.windows) {
        if (end < stops_midway || end >= stops_midway + 1s) continue;
        EXPECT_GE(end + w.lag, stops_midway + idle - 100ms) << "before it was idle";
    }
    EXPECT_LE(waiting.back(), idle + bound + 500ms);
    expect_only_the_bound(after);
    expect_only_the_bound(back);
    EXPECT_GE(last, bound + idle);
    EXPECT_LE(last, bound + idle + 1s);

    from.stop();
    run.finish(job);
    run.finish(from.close());
}

/// A topic is written to and one is silent; `read(run, loud, quiet, seen)` merges them and counts.
template <class Read>
void expect_to_go_on_though_one_is_silent(Read read)
{
    kafka_cluster cluster;
    kafka_run run;
    const auto topic = cluster.topic(4), silent = cluster.topic(2);
    const auto executor = run.io.get_executor();
    kafka::consumer loud(executor, kafka::consumer_options(cluster.brokers(), topic));
    kafka::consumer quiet(executor, kafka::consumer_options(cluster.brokers(), silent));
    counted seen;
    auto jobs = read(run, timed(loud), timed(quiet), &seen);

    const auto start = run.now();
    cs::time_point stop;
    int written = 0;
    {
        writer load(cluster, topic, run);
        load.partitions = 15;
        run.pass(6s);
        stop = run.now();
        load.partitions = 0;
        run.pass(100ms);
        written = load.written;
    }
    EXPECT_TRUE(run.wait([&] { return total(seen) == written; }, 10s));
    EXPECT_EQ(seen.dropped.late, 0U);
    EXPECT_EQ(seen.twice, 0);
    expect_only_the_bound(lags(seen, start + idle + 1500ms, stop - bound - behind));

    loud.stop();
    quiet.stop();
    for (auto& job : jobs) run.finish(job);
    run.finish(loud.close());
    run.finish(quiet.close());
}

TEST(EventTime, OfMergedTopicsGoesOnThoughOneIsSilent)
{
    expect_to_go_on_though_one_is_silent(
        [](kafka_run& run, auto loud, auto quiet, counted* seen) {
            return std::array{run.start(count(cs::merge(std::move(loud), std::move(quiet)), seen))};
        });
}

TEST(EventTime, OfAMergedBranchGoesOnThoughItsTopicIsSilent)
{
    counted none;
    expect_to_go_on_though_one_is_silent(
        [&none](kafka_run& run, auto loud, auto quiet, counted* seen) {
            auto [some, others] = cs::split(
                std::move(quiet), [](const kafka::message& m) { return m.offset() % 2 == 0; });
            return std::array{
                run.start(count(cs::merge(std::move(loud), std::move(some)), seen)),
                run.start(count(std::move(others), &none))};
        });
    EXPECT_TRUE(none.windows.empty());
}

/// Windows of two branches of two topics.
std::string counts_of_branches(kafka_run& run, kafka_cluster& cluster,
    const std::vector<std::string>& topics)
{
    const auto options = [&](const std::string& topic) {
        return kafka::consumer_options(cluster.brokers(), topic)
            .start(kafka::start_at::earliest)
            .until_end();
    };
    kafka::consumer one(run.io.get_executor(), options(topics[0]));
    kafka::consumer two(run.io.get_executor(), options(topics[1]));
    std::string texts[2];
    const auto tell = [&](std::size_t branch) {
        return cs::for_each([&texts, branch](const auto& w) {
            texts[branch] += std::to_string(w.begin_time().time_since_epoch() / 1s) + ':';
            for (const auto& [key, n] : w) texts[branch] += ' ' + key + '=' + std::to_string(n);
            texts[branch] += '\n';
        });
    };
    const auto is_even = [](const kafka::message& m) { return m.offset() % 2 == 0; };
    const auto by_value = cs::count_by([](const kafka::message& m) { return m.value(); });
    auto [even, odd] = cs::split(cs::merge(one.messages() | cs::event_time(5s),
                                     two.messages() | cs::event_time(5s)),
        is_even);
    auto in_windows = std::move(even) | cs::window(cs::hopping(1min, 10s)) | by_value | tell(0);
    auto in_sessions = std::move(odd) | cs::window(cs::session(20s)) | by_value | tell(1);
    const auto first = run.start(cs::run(in_windows));
    run.finish(cs::run(in_sessions));
    run.finish(first);
    run.finish(one.close());
    run.finish(two.close());
    return texts[0] + "--\n" + texts[1];
}

TEST(EventTime, OfMergedTopicsInBranchesGivesTheSameBytesInEveryRead)
{
    kafka_cluster cluster;
    kafka_run run;
    const auto keep = std::map<std::string, std::string>{{"retention.ms", "-1"}};
    const std::vector topics{cluster.topic(3, keep), cluster.topic(2, keep)};
    std::mt19937 random(5); // NOLINT(cert-msc32-c, cert-msc51-cpp): any will do
    std::int64_t written = 0;
    for (int i = 0; i < 4000; ++i) {
        written_record r{.value = std::string(1, static_cast<char>('a' + random() % 5)),
            .partition = i % 5 < 3 ? i % 5 : i % 5 - 3};
        r.time_ms = 1'000'000'000'000 + std::int64_t{i} * 3000
                  - static_cast<std::int64_t>(random() % 5000);
        cluster.write(topics[i % 5 < 3 ? 0 : 1], r);
        ++written;
    }
    cluster.flush();
    const auto first = counts_of_branches(run, cluster, topics);
    EXPECT_GT(std::count(first.begin(), first.end(), '\n'), written / 10);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(counts_of_branches(run, cluster, topics), first);
}

TEST(EventTime, ReadsToTheEndOfALogAndFlushesItsWindows)
{
    kafka_cluster cluster;
    kafka_run run;
    const auto topic = cluster.topic(3, {{"retention.ms", "-1"}});
    constexpr std::int64_t start = 1'000'000'000'000;
    for (int i = 0; i < 3000; ++i) { // an hour and a half of event time
        written_record r{.value = "x", .partition = i % 3};
        r.time_ms = start + std::int64_t{i} * 1800;
        cluster.write(topic, r);
    }
    cluster.flush();
    std::vector<std::pair<std::int64_t, std::int64_t>> first;
    for (int i = 0; i < 2; ++i) {
        kafka::consumer from(run.io.get_executor(),
            kafka::consumer_options(cluster.brokers(), topic)
                .start(kafka::start_at::earliest)
                .until_end());
        auto counts = from.messages() | cs::event_time(1s) | cs::window(10min) | cs::count()
                    | cs::map([](const cs::window_result<std::int64_t>& w) {
                          return std::pair(w.begin_time().time_since_epoch() / 1ms, w.value());
                      })
                    | cs::collect();
        const auto all = run.finish(counts.run());
        std::map<std::int64_t, std::int64_t> expected;
        for (int n = 0; n < 3000; ++n) {
            const auto time = start + std::int64_t{n} * 1800;
            ++expected[time - time % 600'000];
        }
        EXPECT_EQ(all, (std::vector<std::pair<std::int64_t, std::int64_t>>(
                           expected.begin(), expected.end())));
        run.finish(from.close());
        if (i == 0) first = all;
        else EXPECT_EQ(all, first);
    }
}

} // namespace
