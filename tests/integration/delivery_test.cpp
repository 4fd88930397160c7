// What was acknowledged is committed, what was not is read again.

#include <corostream/kafka.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_events.hpp>
#include <support/kafka_run.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace {

namespace kafka = cs::kafka;
using kafka::consumer;
using kafka::consumer_options;
using kafka::message;
using testing::HasSubstr;

class Delivery : public testing::Test {
protected:
    consumer_options options(const std::string& topic) const
    {
        return consumer_options(cluster.brokers(), topic)
            .group(group)
            .on(heard_events::handlers(heard));
    }
    std::int64_t committed(const std::string& topic, int partitions)
    {
        return cluster.committed_in_all(group, topic, partitions);
    }

    kafka_cluster cluster;
    kafka_run run;
    std::string group = fresh_name("group");
    std::shared_ptr<heard_events> heard = std::make_shared<heard_events>();
};

TEST_F(Delivery, GoesOnAfterARestartExactlyWhereItStopped)
{
    constexpr int partitions = 2, count = 50'000;
    const auto topic = cluster.topic(partitions);
    cluster.fill(topic, count, partitions);
    std::vector<int> times(count);
    int seen = 0;
    for (int stop_at : {7'001, 20'000, 33'333, count}) {
        consumer from(run.io.get_executor(), options(topic));
        auto look = [&](message m) {
            ++times.at(std::stoul(std::string(m.value())));
            if (++seen == stop_at) from.stop();
        };
        auto job = from.messages() | cs::for_each(look);
        run.finish(job.run());
        run.finish(from.close());
        ASSERT_GE(seen, stop_at);
        ASSERT_EQ(committed(topic, partitions), seen);
    }
    EXPECT_EQ(std::count(times.begin(), times.end(), 1), count)
        << "each exactly once, over four runs";
}

TEST_F(Delivery, ReadsTheRecordsOfAWindowThatWasOpenAtTheStopAgain)
{
    const auto topic = cluster.topic(1);
    int seen = 0;
    std::vector<std::int64_t> windows;
    auto see = [&](const message&) { ++seen; };
    auto keep = [&](const cs::window_result<std::int64_t>& w) { windows.push_back(w.value()); };
    {
        consumer from(run.io.get_executor(), options(topic).commit_interval(50ms));
        ASSERT_TRUE(run.wait([&] { return heard->partitions() == 1; }));
        auto job
            = from.messages() | cs::tap(see) | cs::window(2s) | cs::count() | cs::for_each(keep);
        auto counting = run.start(job.run());
        cluster.fill(topic, 50, 1);
        ASSERT_TRUE(run.wait([&] { return !windows.empty() && seen == 50; }));
        ASSERT_TRUE(run.wait([&] { return cluster.committed(group, topic, 0) == 50; }));
        // the next window has just begun
        while (run.now().time_since_epoch() % 2s > 500ms) run.pass(10ms);
        const auto before = windows.size();
        cluster.fill(topic, 30, 1);
        ASSERT_TRUE(run.wait([&] { return seen == 80; }));
        run.pass(200ms); // several commit intervals
        ASSERT_EQ(windows.size(), before) << "the machine is too slow for this test";
        from.stop();
        run.finish(counting);
        run.finish(from.close());
        EXPECT_EQ(windows.size(), before) << "an open window is not emitted";
    }
    EXPECT_EQ(cluster.committed(group, topic, 0), 50);

    seen = 0;
    consumer from(run.io.get_executor(), options(topic));
    auto job
        = from.messages() | cs::tap(see) | cs::window(500ms) | cs::count() | cs::for_each(keep);
    auto counting = run.start(job.run());
    ASSERT_TRUE(run.wait(
        [&] { return std::accumulate(windows.begin(), windows.end(), std::int64_t{0}) >= 80; }));
    from.stop();
    run.finish(counting);
    run.finish(from.close());
    EXPECT_EQ(seen, 30);
    EXPECT_EQ(std::accumulate(windows.begin(), windows.end(), std::int64_t{0}), 80);
    EXPECT_EQ(cluster.committed(group, topic, 0), 80);
}

TEST_F(Delivery, CommitsPeriodicallyAndNeverPastAnOpenWindow)
{
    const auto topic = cluster.topic(1);
    std::int64_t emitted = 0;
    std::vector<std::string> wrong;
    auto events = heard_events::handlers(heard);
    events.on_commit = [&](const std::vector<kafka::topic_partition>& at, const kafka::error* e) {
        if (e) wrong.emplace_back(e->what());
        else if (at.front().offset > emitted) wrong.push_back("past " + std::to_string(emitted));
        else heard->commits.push_back(at);
    };
    consumer from(run.io.get_executor(), options(topic).commit_interval(20ms).on(events));
    auto add = [&](const cs::window_result<std::int64_t>& w) { emitted += w.value(); };
    auto job = from.messages() | cs::window(100ms) | cs::count() | cs::for_each(add);
    auto counting = run.start(job.run());
    ASSERT_TRUE(run.wait([&] { return heard->partitions() == 1; }));
    constexpr int count = 3000;
    for (int i = 0; i < count; ++i) {
        cluster.write(topic, "v", 0);
        if (i % 10 == 0) run.pass(3ms);
    }
    cluster.flush();
    ASSERT_TRUE(run.wait([&] { return emitted == count; }));
    ASSERT_TRUE(run.wait([&] { return cluster.committed(group, topic, 0) == count; }))
        << "also when nothing comes any more";
    EXPECT_THAT(wrong, testing::IsEmpty());
    EXPECT_GE(heard->commits.size(), 5U);
    from.stop();
    run.finish(counting);
    run.finish(from.close());
}

TEST_F(Delivery, ARecordWhoseFunctionThrowsIsNamedAndNotCommitted)
{
    const auto topic = cluster.topic(2);
    for (int i = 0; i < 100; ++i) cluster.write(topic, i == 42 ? "poison" : "fine", 1);
    cluster.flush();
    for (int attempt = 0; attempt < 2; ++attempt) { // it is read again
        consumer from(run.io.get_executor(), options(topic));
        auto check = [](const message& m) {
            if (m.value() == "poison") throw std::domain_error("cannot count this");
            return 1;
        };
        auto job = from.messages() | cs::map(check) | cs::for_each([](int) {});
        const auto failure = run.failure(run.start(job.run()));
        EXPECT_EQ(
            text_of(failure), topic + " [1] at offset 42: cannot count this <- cannot count this");
        run.finish(from.close());
        EXPECT_LE(cluster.committed(group, topic, 1), 42);
    }
}

asio::awaitable<std::uint64_t> copy_records(consumer* from, kafka::producer* to, std::string topic)
{
    auto job = from->messages() | kafka::to_topic(*to, topic, &message::key, &message::value);
    co_return co_await cs::run(job);
}

TEST_F(Delivery, CopiesATopicToAnotherWithNothingLostOrDoubled)
{
    constexpr int partitions = 2, count = 20'000;
    const auto source = cluster.topic(partitions), target = cluster.topic(3);
    for (int i = 0; i < count; ++i)
        cluster.write(source, {.key = "key" + std::to_string(i % 100), .value = std::to_string(i)});
    cluster.flush();
    consumer from(run.io.get_executor(), options(source).until_end());
    kafka::producer to(run.io.get_executor(), kafka::producer_options(cluster.brokers()));
    EXPECT_EQ(run.finish(copy_records(&from, &to, target)), static_cast<std::uint64_t>(count));
    run.finish(from.close());
    run.finish(to.close());
    EXPECT_EQ(committed(source, partitions), count);

    const auto copied = cluster.read_all(target, 3);
    ASSERT_EQ(copied.size(), static_cast<std::size_t>(count));
    std::map<std::string, int> last;
    std::set<std::string> values;
    for (const auto& m : copied) {
        const auto n = std::stoi(*m.value);
        EXPECT_EQ(*m.key, "key" + std::to_string(n % 100));
        const auto [at, fresh] = last.try_emplace(*m.key, -1);
        EXPECT_LT(at->second, n) << "the order of a key";
        at->second = n;
        values.insert(*m.value);
    }
    EXPECT_EQ(values.size(), static_cast<std::size_t>(count));
}

TEST_F(Delivery, ADeliveryThatFailsEndsTheJobAndIsNotCommitted)
{
    const auto source = cluster.topic(1),
               target = cluster.topic(1, {{"max.message.bytes", "2000"}});
    for (int i = 0; i < 100; ++i) cluster.write(source, std::string(i == 60 ? 5000 : 10, 'x'), 0);
    cluster.flush();
    consumer from(run.io.get_executor(), options(source).commit_interval(20ms));
    kafka::producer to(run.io.get_executor(), kafka::producer_options(cluster.brokers()));
    const auto failure = run.failure(run.start(copy_records(&from, &to, target)));
    EXPECT_THAT(text_of(failure), HasSubstr(target));
    EXPECT_THAT(text_of(failure), HasSubstr("too large"));
    run.finish(from.close());
    run.finish(to.close());
    EXPECT_LE(cluster.committed(group, source, 0), 60);
}

} // namespace
