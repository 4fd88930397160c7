// Members come and go under load. A run without faults counts every record exactly once: a
// partition that leaves takes its share of the open windows with it, and its new owner counts it.

#include <corostream/kafka.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_events.hpp>
#include <support/kafka_run.hpp>

#include <gtest/gtest.h>

#include <list>
#include <numeric>

namespace {

namespace kafka = cs::kafka;

/// How often each record was counted, by its number; shared by all members.
using counts = std::vector<std::int64_t>;

asio::awaitable<void> count_records(kafka::consumer* records, counts* into)
{
    auto windows = records->messages() | cs::window(200ms) | cs::count_by(&kafka::message::value);
    while (auto window = co_await windows.next())
        for (const auto& [number, count] : *window) into->at(std::stoul(number)) += count;
}

struct member {
    member(kafka_run& loop, const kafka_cluster& cluster, const std::string& topic,
        const std::string& group, const std::string& strategy, counts& into,
        const char* session_timeout_ms = "6000")
        : run(&loop)
        , consumer(loop.io.get_executor(), kafka::consumer_options(cluster.brokers(), topic)
                                               .group(group)
                                               .commit_interval(100ms)
                                               .set("partition.assignment.strategy", strategy)
                                               .set("session.timeout.ms", session_timeout_ms)
                                               .set("heartbeat.interval.ms", "200")
                                               .on(heard_events::handlers(heard)))
        , counting(loop.start(count_records(&consumer, &into)))
    {
    }

    /// Leaves in good order.
    void leave()
    {
        consumer.stop();
        run->finish(counting);
        run->finish(consumer.close(10s));
    }

    kafka_run* run;
    std::shared_ptr<heard_events> heard = std::make_shared<heard_events>();
    kafka::consumer consumer;
    task_handle<bool> counting;
};

class Rebalance : public testing::TestWithParam<const char*> {
protected:
    static constexpr int partitions = 4;

    member& join(std::list<member>& members)
    {
        return members.emplace_back(run, cluster, topic, group, GetParam(), seen);
    }

    /// Writes `count` records, 5,000 a second, while the loop runs.
    void write_for(int count)
    {
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < count; ++i) {
            cluster.write(topic, std::to_string(written), written % partitions);
            ++written;
            if (i % 50 == 49)
                run.wait(
                    [&] { return std::chrono::steady_clock::now() >= begin + (i + 1) * 200us; });
        }
    }

    void expect_all_once()
    {
        cluster.flush();
        const auto all = [&] { return std::count(seen.begin(), seen.begin() + written, 0) == 0; };
        EXPECT_TRUE(run.wait(all))
            << std::count(seen.begin(), seen.begin() + written, 0) << " lost";
        run.pass(400ms); // what is counted a second time sits in a window that is still open
        const auto doubled = std::count_if(seen.begin(), seen.end(), [](auto n) { return n > 1; });
        EXPECT_EQ(doubled, 0);
        EXPECT_EQ(std::accumulate(seen.begin(), seen.end(), std::int64_t{0}), written);
    }

    kafka_cluster cluster;
    kafka_run run;
    std::string topic = cluster.topic(partitions), group = fresh_name("members");
    counts seen = counts(200'000);
    int written = 0;
};

TEST_P(Rebalance, CountsEachRecordOnceWhileAMemberJoinsAndLeaves)
{
    std::list<member> members;
    auto& first = join(members);
    auto& second = join(members);
    ASSERT_TRUE(run.wait(
        [&] { return first.heard->partitions() == 2 && second.heard->partitions() == 2; }));
    write_for(5000);
    auto& third = join(members);
    write_for(10'000);
    ASSERT_TRUE(run.wait([&] { return third.heard->partitions() >= 1; }));
    write_for(5000);
    third.leave();
    write_for(10'000);
    ASSERT_TRUE(run.wait(
        [&] { return first.heard->partitions() == 2 && second.heard->partitions() == 2; }));
    expect_all_once();
    EXPECT_FALSE(third.heard->revoked.empty());
    first.leave();
    second.leave();
    for (std::int32_t p = 0; p < partitions; ++p)
        EXPECT_EQ(cluster.committed(group, topic, p), cluster.log_end(topic, p));
    for (const auto& m : members) EXPECT_TRUE(m.heard->errors.empty()) << m.heard->all_text();
}

TEST_P(Rebalance, CountsEachRecordOnceWhileMembersComeAndGoAllTheTime)
{
    std::list<member> members;
    join(members);
    for (int round = 0; round < 6; ++round) {
        join(members);
        write_for(4000);
        members.front().leave();
        members.pop_front();
        write_for(4000);
    }
    expect_all_once();
    members.front().leave();
}

/// A group waits for a member that is gone without a word until its session is over.
TEST_P(Rebalance, AMemberWithoutPartitionsLeavesInGoodOrderToo)
{
    topic = cluster.topic(1);
    std::list<member> members;
    const auto join_for_long = [&]() -> member& {
        return members.emplace_back(run, cluster, topic, group, GetParam(), seen, "45000");
    };
    auto& owner = join_for_long();
    ASSERT_TRUE(run.wait([&] { return owner.heard->partitions() == 1; }));
    auto& idle = join_for_long();
    run.pass(2s); // an empty assignment is told to nobody
    idle.leave();
    auto& heir = join_for_long();
    run.pass(1s);
    owner.leave();
    EXPECT_TRUE(run.wait([&] { return heir.heard->partitions() == 1; }, 15s));
    heir.leave();
    for (const auto& m : members) EXPECT_TRUE(m.heard->errors.empty()) << m.heard->all_text();
}

INSTANTIATE_TEST_SUITE_P(Protocols, Rebalance, testing::Values("range", "cooperative-sticky"),
    [](const auto& strategy) { return strategy.param[0] == 'r' ? "Eager" : "Cooperative"; });

} // namespace
