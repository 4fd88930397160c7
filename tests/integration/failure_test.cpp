// Bad input and bad weather: what ends a stream says what, where and what to do; all else is told,
// and the stream goes on.

#include <corostream/kafka.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_events.hpp>
#include <support/kafka_follow.hpp>
#include <support/kafka_run.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace {

namespace kafka = cs::kafka;
using kafka::consumer;
using kafka::consumer_options;
using kafka::message;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

class Failure : public testing::Test {
protected:
    consumer_options options(const std::string& topic) const
    {
        return consumer_options(cluster.brokers(), topic).on(heard_events::handlers(heard));
    }

    /// The error with which reading ends.
    std::exception_ptr failure_of(const consumer_options& chosen)
    {
        consumer from(run.io.get_executor(), chosen);
        auto reading = run.start(follow(&from, &values));
        auto failure = run.failure(reading);
        run.finish(from.close());
        return failure;
    }

    kafka_cluster cluster;
    kafka_run run;
    std::shared_ptr<heard_events> heard = std::make_shared<heard_events>();
    std::vector<std::string> values;
};

TEST_F(Failure, AMissingTopicIsNamedAndNotMade)
{
    for (bool in_group : {false, true}) {
        const auto topic = fresh_name("missing");
        auto chosen = options(topic);
        if (in_group) chosen.group(fresh_name("group"));
        const auto failure = failure_of(chosen);
        EXPECT_EQ(code_of(failure), RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
        EXPECT_THAT(text_of(failure), HasSubstr(topic));
        run.pass(200ms);
        EXPECT_EQ(cluster.partitions_of(topic), 0);
    }
}

TEST_F(Failure, WhoAsksTheClusterLaterIsToldWhatEndedTheConsumer)
{
    consumer from(run.io.get_executor(), options(fresh_name("missing")));
    const auto failure = run.failure(run.start(follow(&from, &values)));
    EXPECT_EQ(code_of(failure), RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    const auto asked = run.failure(run.start(from.describe(5s)), 1s);
    EXPECT_EQ(text_of(asked), text_of(failure));
    run.finish(from.close());
}

TEST_F(Failure, OneMissingTopicOfTwoIsNamed)
{
    const auto there = cluster.topic(1), missing = fresh_name("missing");
    const auto failure = failure_of(consumer_options(cluster.brokers(), {there, missing}));
    EXPECT_THAT(text_of(failure), AllOf(HasSubstr(missing), Not(HasSubstr(there))));
}

TEST_F(Failure, AMissingTopicIsWaitedForWhenAskedTo)
{
    for (bool in_group : {false, true}) {
        values.clear();
        const auto topic = fresh_name("later");
        auto chosen = options(topic).wait_for_topic();
        if (in_group) chosen.group(fresh_name("group"));
        consumer from(run.io.get_executor(), chosen);
        auto reading = run.start(follow(&from, &values));
        run.pass(600ms); // a few askings
        ASSERT_FALSE(reading->done()) << text_of(reading->error);
        EXPECT_EQ(cluster.partitions_of(topic), 0);
        cluster.create(topic, 2);
        cluster.fill(topic, 10, 2);
        EXPECT_TRUE(run.wait([&] { return values.size() == 10 || reading->done(); }));
        from.stop();
        run.finish(reading);
        run.finish(from.close());
        EXPECT_EQ(values.size(), 10U);
    }
}

TEST_F(Failure, AnOffsetBeyondTheEndNamesItAndTheRemedy)
{
    const auto topic = cluster.topic(2), group = fresh_name("group");
    cluster.fill(topic, 10, 2);
    cluster.commit(group, topic, 1, 1000);
    const auto failure = failure_of(options(topic).group(group));
    EXPECT_THAT(text_of(failure), AllOf(HasSubstr(topic + " [1] at offset 1000"),
                                      HasSubstr("earliest"), HasSubstr("latest")));
    EXPECT_EQ(code_of(failure), RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET);
    EXPECT_EQ(cluster.committed(group, topic, 1), 1000) << "it is left for somebody to look at";
}

TEST_F(Failure, AnOffsetThatRetentionRemovedNamesItAndTheRemedy)
{
    const auto topic = cluster.topic(1), group = fresh_name("group");
    cluster.fill(topic, 100, 1);
    cluster.commit(group, topic, 0, 20);
    cluster.admin().delete_records(topic, 0, 50);
    const auto failure = failure_of(options(topic).group(group));
    EXPECT_THAT(
        text_of(failure), AllOf(HasSubstr(topic + " [0] at offset 20"), HasSubstr("earliest")));
    EXPECT_TRUE(values.empty());

    // who asked for the earliest record gets it
    consumer from(
        run.io.get_executor(), options(topic).group(group).start(kafka::start_at::earliest));
    auto reading = run.start(follow(&from, &values));
    EXPECT_TRUE(run.wait([&] { return values.size() == 50; }));
    EXPECT_EQ(values.front(), "50");
    from.stop();
    run.finish(reading);
    run.finish(from.close());
}

TEST_F(Failure, ATopicThatIsDeletedEndsTheStream)
{
    for (bool in_group : {false, true}) {
        values.clear();
        const auto topic = fresh_name("deleted");
        {
            kafka_cluster writer; // a producer that lives on would make the topic again
            writer.create(topic, 2);
            writer.fill(topic, 10, 2);
        }
        // librdkafka looks for its topics every so often only
        auto chosen = options(topic).set("topic.metadata.refresh.interval.ms", "500");
        if (in_group) chosen.group(fresh_name("group"));
        consumer from(run.io.get_executor(), chosen);
        auto reading = run.start(follow(&from, &values));
        ASSERT_TRUE(run.wait([&] { return values.size() == 10; }));
        cluster.admin().delete_topic(topic);
        const auto failure = run.failure(reading);
        EXPECT_THAT(text_of(failure), HasSubstr(topic)) << heard->all_text();
        EXPECT_THAT(code_of(failure),
            AnyOf(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
                RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION));
        run.finish(from.close());
    }
}

TEST_F(Failure, ATopicThatIsMadeAgainEndsTheStreamBeforeAnythingOfTheNewOne)
{
    for (const auto start : {kafka::start_at::committed, kafka::start_at::earliest}) {
        values.clear();
        const auto topic = fresh_name("again"), group = fresh_name("group");
        cluster.create(topic, 1);
        cluster.fill(topic, 100, 1);
        consumer from(run.io.get_executor(), options(topic).group(group).start(start));
        auto reading = run.start(follow(&from, &values));
        ASSERT_TRUE(run.wait([&] { return values.size() == 100; }));
        cluster.admin().delete_topic(topic);
        cluster.create(topic, 1);
        cluster.fill(topic, 10, 1, "new");
        const auto failure = run.failure(reading);
        EXPECT_THAT(text_of(failure), HasSubstr(topic));
        EXPECT_NE(code_of(failure), RD_KAFKA_RESP_ERR_NO_ERROR);
        EXPECT_EQ(values.size(), 100U) << text_of(failure);
        run.finish(from.close());
    }
}

TEST_F(Failure, ARecordTooLargeForTheBrokerFailsAloneAndTheOthersGoOn)
{
    const auto topic = cluster.topic(1, {{"max.message.bytes", "2000"}});
    kafka::producer to(run.io.get_executor(), kafka::producer_options(cluster.brokers()));
    const std::string large(5000, 'x'), small("small");
    std::vector<task_handle<kafka::delivery>> sends;
    for (int i = 0; i < 20; ++i)
        sends.push_back(run.start(to.send(kafka::record(topic, i % 10 == 3 ? large : small))));
    for (int i = 0; i < 20; ++i) {
        const auto failure = run.failure(sends[static_cast<std::size_t>(i)]);
        EXPECT_EQ(failure != nullptr, i % 10 == 3) << i << ": " << text_of(failure);
        const auto told = AllOf(HasSubstr(topic), HasSubstr("too large"));
        if (failure) {
            EXPECT_THAT(text_of(failure), told);
        }
    }
    run.finish(to.close());
    EXPECT_EQ(cluster.read_all(topic, 1).size(), 18U);
}

TEST_F(Failure, ARecordTooLargeForTheProducerFailsAlone)
{
    const auto topic = cluster.topic(1);
    kafka::producer to(run.io.get_executor(),
        kafka::producer_options(cluster.brokers()).set("message.max.bytes", "1000"));
    const std::string large(5000, 'x');
    auto too_large = run.start(to.send(kafka::record(topic, large)));
    auto fine = run.start(to.send(kafka::record(topic, "small")));
    EXPECT_THAT(text_of(run.failure(too_large)), AllOf(HasSubstr(topic), HasSubstr("too large")));
    EXPECT_EQ(run.finish(fine).offset, 0);
    run.finish(to.close());
}

TEST_F(Failure, AConsumerThatReachesNobodyTellsAndClosesInTime)
{
    auto chosen
        = consumer_options("127.0.0.1:1", "topic").group("group").on(heard_events::handlers(heard));
    consumer from(run.io.get_executor(), chosen);
    auto reading = run.start(follow(&from, &values));
    ASSERT_TRUE(run.wait([&] { return !heard->errors.empty(); }, 5s));
    EXPECT_THAT(heard->all_text(), HasSubstr("127.0.0.1:1"));
    EXPECT_FALSE(reading->done());
    from.stop();
    run.finish(reading);
    const auto begin = std::chrono::steady_clock::now();
    run.failure(run.start(from.close(2s)));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 4s);
}

TEST_F(Failure, AConsumerWhoseBrokerNeverAnswersClosesInTime)
{
    // the system takes connections, and nobody reads
    const asio::ip::tcp::endpoint anywhere(asio::ip::make_address("127.0.0.1"), 0);
    const asio::ip::tcp::acceptor silent(run.io, anywhere);
    const auto address = "127.0.0.1:" + std::to_string(silent.local_endpoint().port());
    for (bool in_group : {false, true}) {
        auto chosen = consumer_options(address, "topic").on(heard_events::handlers(heard));
        if (in_group) chosen.group("group");
        consumer from(run.io.get_executor(), chosen);
        auto reading = run.start(follow(&from, &values));
        run.pass(300ms);
        from.stop();
        run.finish(reading);
        const auto begin = std::chrono::steady_clock::now();
        run.finish(from.close(5s));
        EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
    }
    kafka::producer to(run.io.get_executor(), kafka::producer_options(address));
    auto sending = run.start(to.send(kafka::record("topic", "v")));
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THAT(text_of(run.failure(run.start(to.close(1s)))), HasSubstr("1 records in flight"));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 4s);
    EXPECT_NE(run.failure(sending), nullptr) << "it is told";
}

} // namespace
