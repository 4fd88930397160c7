#include "embedded_broker_case.hpp"

namespace {

using kafka::message;
using kafka::record;

class Message : public embedded_broker_case {
protected:
    /// Sends `r` and reads it.
    message round(const record& r)
    {
        kafka::producer p(executor(), to());
        run->finish(p.send(r));
        run->finish(p.close());
        kafka::consumer from(executor(), options());
        std::vector<message> got;
        auto keep = [&](message m) { got.push_back(std::move(m)); };
        auto job = from.messages() | cs::take(1) | cs::for_each(keep);
        run->finish(job.run());
        EXPECT_EQ(got.size(), 1U);
        return std::move(got.front()); // keeps its client alive
    }
};

TEST_F(Message, TellsNullAndEmptyApart)
{
    const auto gone = round(record("Test", std::nullopt).key("").partition(0));
    EXPECT_FALSE(gone.has_value());
    EXPECT_EQ(gone.value(), "");
    EXPECT_TRUE(gone.has_key());
    EXPECT_EQ(gone.key(), "");
    const auto copy = gone.detach();
    EXPECT_EQ(copy.value, std::nullopt);
    EXPECT_EQ(copy.key, "");
}

TEST_F(Message, HasWhatWasSentAndSoHasItsCopy)
{
    const cs::time_point when(1'700'000'000'123ms);
    const std::string value("v\0\xff", 3);
    std::optional<kafka::owned_message> copy;
    {
        const auto m = round(record("Test", value)
                .key("k")
                .partition(1)
                .timestamp(when)
                .header("a", "1")
                .header("a", std::nullopt)
                .header("b", ""));
        EXPECT_EQ(m.value(), value);
        EXPECT_TRUE(m.has_value());
        EXPECT_EQ(m.key(), "k");
        EXPECT_EQ(m.topic(), "Test");
        EXPECT_EQ(m.partition(), 1);
        EXPECT_EQ(m.offset(), 0);
        EXPECT_EQ(m.time(), when);
        const auto headers = m.headers();
        ASSERT_EQ(headers.size(), 3U);
        EXPECT_EQ(headers[0].name, "a");
        EXPECT_EQ(headers[0].value, "1");
        EXPECT_EQ(headers[1].value, std::nullopt);
        EXPECT_EQ(headers[2].name, "b");
        EXPECT_EQ(headers[2].value, "");
        copy = m.detach();
    }
    ASSERT_TRUE(nothing_runs()) << "the copy pins nothing";
    EXPECT_EQ(copy->value, value);
    EXPECT_EQ(copy->key, "k");
    EXPECT_EQ(copy->topic, "Test");
    EXPECT_EQ(copy->partition, 1);
    EXPECT_EQ(copy->offset, 0);
    EXPECT_EQ(copy->time, when);
    const decltype(copy->headers) headers = {{"a", "1"}, {"a", std::nullopt}, {"b", ""}};
    EXPECT_EQ(copy->headers, headers);
}

TEST_F(Message, WithoutAnythingHasNothing)
{
    const auto m = round(record("Test", "").partition(0));
    EXPECT_TRUE(m.has_value());
    EXPECT_FALSE(m.has_key());
    EXPECT_TRUE(m.headers().empty());
    EXPECT_EQ(m.value(), "");
}

TEST(KafkaTime, KeepsToItsLimits)
{
    using kafka::detail::from_kafka_time;
    using kafka::detail::to_kafka_time;
    EXPECT_EQ(from_kafka_time(0), cs::time_point());
    EXPECT_EQ(from_kafka_time(-1500), cs::time_point(-1500ms));
    EXPECT_EQ(to_kafka_time(cs::time_point(-1us)), -1) << "rounded down";
    EXPECT_EQ(to_kafka_time(cs::time_point(1999us)), 1);
    EXPECT_LT(from_kafka_time(INT64_MAX), cs::never);
    EXPECT_GT(from_kafka_time(INT64_MIN), cs::time_point::min());
}

} // namespace
