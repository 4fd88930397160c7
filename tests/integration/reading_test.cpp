// What is read, from where and to where, byte for byte.

#include <corostream/kafka.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_events.hpp>
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

std::string value_of(const kafka::message& m) { return std::string(m.value()); }

asio::awaitable<std::vector<std::string>> read_values(consumer* from)
{
    auto job = from->messages() | cs::map(value_of) | cs::collect();
    co_return co_await cs::run(job);
}

asio::awaitable<std::vector<kafka::owned_message>> read_messages(consumer* from)
{
    auto job = from->messages() | cs::map(&kafka::message::detach) | cs::collect();
    co_return co_await cs::run(job);
}

/// Writes down each value as it comes.
asio::awaitable<void> follow(consumer* from, std::vector<std::string>* into)
{
    auto values = from->messages() | cs::map(value_of);
    while (auto v = co_await values.next()) into->push_back(std::move(*v));
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
    cluster.remove_records(topic, 0, 50); // all
    cluster.remove_records(topic, 1, 20);
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

class Bytes : public Reading {
protected:
    /// Sends with ours, reads with ours and with bare librdkafka.
    std::vector<kafka::owned_message> there_and_back(const std::vector<kafka::record>& records)
    {
        kafka::producer to(run.io.get_executor(),
            kafka::producer_options(cluster.brokers()).set("message.max.bytes", "2000000"));
        for (const auto& r : records) {
            const auto where = run.finish(to.send(r));
            if (r.timestamp()) {
                EXPECT_EQ(
                    where.time, std::chrono::floor<std::chrono::milliseconds>(*r.timestamp()));
            } else {
                EXPECT_LT(std::chrono::abs(where.time - run.now()), 20s);
            }
        }
        run.finish(to.close());
        consumer from(
            run.io.get_executor(), options(std::string(records.front().topic())).until_end());
        auto read = run.finish(read_messages(&from));
        run.finish(from.close());
        const auto bare = cluster.read_all(std::string(records.front().topic()), 1);
        EXPECT_EQ(bare.size(), read.size());
        for (std::size_t i = 0; i < bare.size() && i < read.size(); ++i) {
            EXPECT_EQ(bare[i].key, read[i].key);
            EXPECT_EQ(bare[i].value, read[i].value);
            EXPECT_EQ(bare[i].headers, read[i].headers);
            EXPECT_EQ(bare[i].time, read[i].time);
            EXPECT_EQ(bare[i].offset, read[i].offset);
        }
        return read;
    }
};

TEST_F(Bytes, ValuesAndKeysComeBackExactly)
{
    const auto topic = cluster.topic(1);
    std::string all_bytes;
    for (int i = 0; i < 256; ++i) all_bytes += static_cast<char>(i);
    std::string megabyte(1'000'000, 'x');
    for (std::size_t i = 0; i < megabyte.size(); ++i) megabyte[i] = static_cast<char>(i * 31 / 7);
    const std::string hostile = "\x1b[2J\xff\xfe\0 end";
    const auto read = there_and_back({
        kafka::record(topic, ""),
        kafka::record(topic, std::nullopt),
        kafka::record(topic, std::nullopt).key("gone"),
        kafka::record(topic, "").key(""),
        kafka::record(topic, all_bytes).key(all_bytes),
        kafka::record(topic, megabyte),
        kafka::record(topic, hostile),
    });
    ASSERT_EQ(read.size(), 7U);
    EXPECT_EQ(read[0].value, "");
    EXPECT_EQ(read[0].key, std::nullopt);
    EXPECT_EQ(read[1].value, std::nullopt);
    EXPECT_EQ(read[2].value, std::nullopt);
    EXPECT_EQ(read[2].key, "gone");
    EXPECT_EQ(read[3].value, "");
    EXPECT_EQ(read[3].key, "");
    EXPECT_EQ(read[4].value, all_bytes);
    EXPECT_EQ(read[4].key, all_bytes);
    EXPECT_EQ(read[5].value, megabyte);
    EXPECT_EQ(read[6].value, hostile);
}

TEST_F(Bytes, HeadersComeBackExactlyAndInOrder)
{
    const auto topic = cluster.topic(1);
    using namespace std::string_literals;
    const auto binary = "\0\xff\n"s;
    const auto read = there_and_back({
        kafka::record(topic, "v")
            .header("a", "1")
            .header("a", "2")
            .header("null", std::nullopt)
            .header("", "no name")
            .header("empty", "")
            .header("binary", binary),
        kafka::record(topic, std::nullopt).header("cause", "deleted").key("k"),
    });
    ASSERT_EQ(read.size(), 2U);
    const decltype(read[0].headers) expected = {{"a", "1"}, {"a", "2"}, {"null", std::nullopt},
        {"", "no name"}, {"empty", ""}, {"binary", binary}};
    EXPECT_EQ(read[0].headers, expected);
    EXPECT_EQ(read[0].value, "v");
    EXPECT_EQ(read[1].headers.size(), 1U);
    EXPECT_EQ(read[1].value, std::nullopt);
    EXPECT_EQ(read[1].key, "k");
}

TEST_F(Bytes, TimestampsComeBackToTheMillisecond)
{
    const auto topic
        = cluster.topic(1, {{"message.timestamp.after.max.ms", std::to_string(INT64_MAX)}});
    const cs::time_point y2k(946684800123ms), future(32503680000999ms);
    const auto before = std::chrono::floor<std::chrono::milliseconds>(run.now()) - 1s;
    const auto read = there_and_back({
        kafka::record(topic, "v").timestamp(y2k),
        kafka::record(topic, "v").timestamp(future),
        kafka::record(topic, "v").timestamp(y2k + 999us),
        kafka::record(topic, "v"),
    });
    ASSERT_EQ(read.size(), 4U);
    EXPECT_EQ(read[0].time, y2k);
    EXPECT_EQ(read[1].time, future);
    EXPECT_EQ(read[2].time, y2k);
    EXPECT_GE(read[3].time, before);
    EXPECT_LE(read[3].time, run.now() + 1s);
}

// Kafka's own murmur2 of these keys: org.apache.kafka.common.utils.UtilsTest
TEST_F(Bytes, AKeyGoesToThePartitionThatJavasProducerChooses)
{
    constexpr int partitions = 7;
    const auto topic = cluster.topic(partitions);
    const std::vector<std::pair<std::string, std::int32_t>> known = {
        {"21", -973932308},
        {"foobar", -790332482},
        {"a-little-bit-long-string", -985981536},
        {"a-little-bit-longer-string", -1486304829},
        {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971},
        {"abc", 479470107},
    };
    kafka::producer to(run.io.get_executor(), kafka::producer_options(cluster.brokers()));
    for (const auto& [key, hash] : known) {
        const auto where = run.finish(to.send(kafka::record(topic, "v").key(key)));
        EXPECT_EQ(where.partition, (hash & 0x7fffffff) % partitions) << key;
        EXPECT_EQ(where.topic, topic);
    }
    EXPECT_EQ(run.finish(to.send(kafka::record(topic, "v").key("21").partition(5))).partition, 5);
    run.finish(to.close());
}

} // namespace
