// What is sent comes back byte for byte.

#include <corostream/kafka.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_run.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

namespace kafka = cs::kafka;

asio::awaitable<std::vector<kafka::owned_message>> read_messages(kafka::consumer* from)
{
    auto job = from->messages() | cs::map(&kafka::message::detach) | cs::collect();
    co_return co_await cs::run(job);
}

class Bytes : public testing::Test {
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
        kafka::consumer from(run.io.get_executor(),
            kafka::consumer_options(cluster.brokers(), std::string(records.front().topic()))
                .until_end());
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

    kafka_cluster cluster;
    kafka_run run;
};

TEST_F(Bytes, ValuesAndKeysComeBackExactly)
{
    const auto topic = cluster.topic(1);
    std::string all_bytes;
    for (int i = 0; i < 256; ++i) all_bytes += static_cast<char>(i);
    std::string megabyte(1'000'000, 'x');
    for (std::size_t i = 0; i < megabyte.size(); ++i) megabyte[i] = static_cast<char>(i * 31 / 7);
    using namespace std::string_literals;
    const auto hostile = "\x1b[2J\xff\xfe\0 end"s;
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
