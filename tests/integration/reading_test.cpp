// What is read, from where and to where.

#include <corostream/kafka.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_events.hpp>
#include <support/kafka_follow.hpp>
#include <support/kafka_run.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace {

namespace kafka = cs::kafka;
using kafka::consumer;
using kafka::consumer_options;
using kafka::start_at;

asio::awaitable<std::vector<std::string>> read_values(consumer* from)
{
    auto job = from->messages() | cs::map(value_of) | cs::collect();
    co_return co_await cs::run(job);
}

class Reading : public testing::Test {
protected:
    std::vector<std::string> read(const consumer_options& options)
    {
        consumer from(run.io.get_executor(), options);
        auto values = run.finish(read_values(&from));
        run.finish(from.close());
        return values;
    }
    consumer_options options(const std::string& topic) const { return {cluster.brokers(), topic}; }

    /// Reads in the group until `count` have come, then stops in good order.
    std::vector<std::string> read_some(const consumer_options& options, std::size_t count)
    {
        std::vector<std::string> values;
        consumer from(run.io.get_executor(), options);
        auto reading = run.start(follow(&from, &values));
        EXPECT_TRUE(run.wait([&] { return values.size() >= count || reading->done(); }));
        from.stop();
        run.finish(reading);
        run.finish(from.close());
        return values;
    }

    kafka_cluster cluster;
    kafka_run run;
};

std::vector<std::string> numbers(int from, int to, const std::string& prefix = "")
{
    std::vector<std::string> all;
    for (; from < to; ++from) all.push_back(prefix + std::to_string(from));
    return all;
}

TEST_F(Reading, ABoundedReadEndsWhereTheLogStoodThoughAProducerGoesOn)
{
    const auto topic = cluster.topic(3);
    for (int i = 0; i < 1000; ++i) cluster.write(topic, "a" + std::to_string(i), 0);
    for (int i = 0; i < 500; ++i) cluster.write(topic, "c" + std::to_string(i), 2); // 1 stays empty
    cluster.flush();
    consumer from(run.io.get_executor(), options(topic).until_end());
    std::vector<std::string> seen;
    auto write_more = [&](kafka::message m) {
        if (seen.empty()) { // all log ends are known by now
            for (int p = 0; p < 3; ++p) cluster.write(topic, "late", p);
            cluster.flush();
        }
        seen.push_back(value_of(m));
    };
    auto job = from.messages() | cs::for_each(write_more);
    run.finish(job.run());
    run.finish(from.close());
    auto expected = numbers(0, 1000, "a");
    std::vector<std::string> of_0, of_2;
    for (const auto& v : seen) (v[0] == 'a' ? of_0 : of_2).push_back(v);
    EXPECT_EQ(of_0, numbers(0, 1000, "a"));
    EXPECT_EQ(of_2, numbers(0, 500, "c"));
}

TEST_F(Reading, ABoundedReadOfAnEmptyTopicEndsAtOnce)
{
    EXPECT_TRUE(read(options(cluster.topic(2)).until_end()).empty());
    EXPECT_TRUE(read(options(cluster.topic(2)).until_end().group(fresh_name("group"))).empty());
    EXPECT_TRUE(read(options(cluster.topic(2)).until_end().start(start_at::latest)).empty());
}

TEST_F(Reading, ABoundedReadEndsForAMemberThatGetsNoPartition)
{
    const auto topic = cluster.topic(1), group = fresh_name("group");
    cluster.fill(topic, 10, 1);
    consumer one(run.io.get_executor(), options(topic).until_end().group(group));
    consumer two(run.io.get_executor(), options(topic).until_end().group(group));
    auto from_one = run.start(read_values(&one)), from_two = run.start(read_values(&two));
    const auto count = run.finish(from_one).size() + run.finish(from_two).size();
    EXPECT_GE(count, 10U); // a group that forms in two steps may read some twice
    run.finish(one.close());
    run.finish(two.close());
}

TEST_F(Reading, ABoundedReadEndsBehindRecordsThatRetentionRemoved)
{
    const auto topic = cluster.topic(2);
    cluster.fill(topic, 100, 2);
    cluster.admin().delete_records(topic, 0, 50); // all
    cluster.admin().delete_records(topic, 1, 20);
    auto values = read(options(topic).until_end());
    EXPECT_EQ(values.size(), 30U);
    EXPECT_EQ(values.front(), "41");
}

TEST_F(Reading, ReadsSeveralTopics)
{
    const auto one = cluster.topic(2), two = cluster.topic(3);
    cluster.fill(one, 10, 2, "one");
    cluster.fill(two, 12, 3, "two");
    auto both = consumer_options(cluster.brokers(), {one, two});
    auto expected = numbers(0, 10, "one");
    for (auto& v : numbers(0, 12, "two")) expected.push_back(v);
    EXPECT_THAT(read(both.until_end()), testing::UnorderedElementsAreArray(expected));
    EXPECT_THAT(
        read(both.group(fresh_name("group"))), testing::UnorderedElementsAreArray(expected));
}

TEST_F(Reading, BeginsAtTheEarliestRecordUnlessTheGroupLeftOffSomewhere)
{
    for (auto where : {start_at::committed, start_at::earliest}) {
        const auto topic = cluster.topic(1), group = fresh_name("group");
        auto from = options(topic).group(group).start(where);
        cluster.fill(topic, 10, 1, "a");
        EXPECT_EQ(read_some(from, 10), numbers(0, 10, "a"));
        EXPECT_EQ(cluster.committed(group, topic, 0), 10);
        cluster.fill(topic, 10, 1, "b");
        EXPECT_EQ(read_some(from, 10), numbers(0, 10, "b"));
    }
}

TEST_F(Reading, BeginsAtTheEndUnlessTheGroupLeftOffSomewhere)
{
    const auto topic = cluster.topic(1), group = fresh_name("group");
    cluster.fill(topic, 10, 1, "old");
    auto heard = std::make_shared<heard_events>();
    std::vector<std::string> values;
    consumer from(run.io.get_executor(),
        options(topic).group(group).start(start_at::latest).on(heard_events::handlers(heard)));
    auto reading = run.start(follow(&from, &values));
    ASSERT_TRUE(run.wait([&] { return heard->partitions() == 1; }));
    // the end is looked up when fetching begins, and nothing tells when that was
    for (int i = 0; values.empty() && i < 600; ++i) {
        cluster.fill(topic, 1, 1, "new");
        run.wait([&] { return !values.empty(); }, 50ms);
    }
    ASSERT_FALSE(values.empty());
    EXPECT_EQ(values.front(), "new0");
    cluster.fill(topic, 10, 1, "b");
    ASSERT_TRUE(run.wait([&] { return values.back() == "b9"; }));
    EXPECT_EQ(std::count(values.begin(), values.end(), "old0"), 0);
    from.stop();
    run.finish(reading);
    run.finish(from.close());

    cluster.fill(topic, 10, 1, "c"); // while nobody reads
    EXPECT_EQ(
        read_some(options(topic).group(group).start(start_at::latest), 10), numbers(0, 10, "c"));
}

/// Within `topic.metadata.refresh.interval.ms`, and from their first record on.
TEST_F(Reading, ReadsPartitionsThatAreAddedToATopic)
{
    const auto topic = cluster.topic(1), group = fresh_name("group");
    cluster.fill(topic, 10, 1, "a");
    std::vector<std::string> values;
    consumer from(run.io.get_executor(),
        options(topic).group(group).set("topic.metadata.refresh.interval.ms", "1000"));
    auto reading = run.start(follow(&from, &values));
    ASSERT_TRUE(run.wait([&] { return values.size() == 10; }));
    cluster.admin().add_partitions(topic, 3);
    ASSERT_TRUE(run.wait([&] { return cluster.partitions_of(topic) == 3; }));
    kafka_cluster writer; // one that never knew the topic without them
    writer.fill(topic, 30, 3, "b");
    EXPECT_TRUE(run.wait([&] { return values.size() == 40; }, 10s)) << values.size();
    from.stop();
    run.finish(reading);
    run.finish(from.close());
    for (std::int32_t p = 0; p < 3; ++p)
        EXPECT_EQ(cluster.committed(group, topic, p), cluster.log_end(topic, p));
}

TEST_F(Reading, WithoutAGroupBeginsAtTheEarliestRecordEachTimeAndCommitsNothing)
{
    const auto topic = cluster.topic(2);
    cluster.fill(topic, 10, 2);
    auto heard = std::make_shared<heard_events>();
    auto from = options(topic).commit_interval(1ms).on(heard_events::handlers(heard));
    EXPECT_EQ(read_some(from, 10).size(), 10U);
    EXPECT_EQ(read_some(from, 10).size(), 10U);
    EXPECT_TRUE(heard->commits.empty());
}

} // namespace
