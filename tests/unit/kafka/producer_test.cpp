// The producer and to_topic, on librdkafka's mock cluster.

#include "embedded_broker_case.hpp"

#include <set>

namespace {

using kafka::consumer;
using kafka::delivery;
using kafka::message;
using kafka::producer;
using kafka::record;
using testing::HasSubstr;

class Producer : public embedded_broker_case {};

TEST_F(Producer, TellsWhereARecordCameToLie)
{
    producer p(executor(), to());
    const auto first = run->finish(p.send(record("Test", "a").partition(1)));
    const auto second = run->finish(p.send(record("Test", "b").partition(1)));
    EXPECT_EQ(first.topic, "Test");
    EXPECT_EQ(first.partition, 1);
    EXPECT_EQ(first.offset, 0);
    EXPECT_EQ(second.offset, 1);
    EXPECT_EQ(p.in_flight(), 0U);
    run->finish(p.close());
}

TEST_F(Producer, SuspendsWhileItsQueueIsFullAndLosesNothing)
{
    for (auto room : {"1", "10", "100"}) {
        producer p(executor(), to().set("queue.buffering.max.messages", room));
        const auto before = bare.read_all("Test", 2).size();
        const int count = 3 * std::stoi(room) + 50;
        std::vector<task_handle<delivery>> sends;
        for (int i = 0; i < count; ++i)
            sends.push_back(run->start(p.send(record("Test", "v").partition(i % 2))));
        for (auto& s : sends) run->finish(s);
        EXPECT_EQ(bare.read_all("Test", 2).size() - before, static_cast<std::size_t>(count))
            << room;
        run->finish(p.close());
    }
}

asio::awaitable<void> enqueue_all(producer* p, int count, kafka::delivery_handler* done)
{
    for (int i = 0; i < count; ++i) {
        const auto text = std::to_string(i);
        co_await p->enqueue(record("Test", text).partition(0), done);
    }
    co_await p->flush(10s);
}

TEST_F(Producer, KeepsTheOrderOfWhatIsEnqueuedWhileItsQueueIsFull)
{
    producer p(executor(), to().set("queue.buffering.max.messages", "10"));
    int delivered = 0, failed = 0;
    kafka::delivery_handler done
        = [&](const delivery&, const kafka::error* e) { ++(e ? failed : delivered); };
    run->finish(enqueue_all(&p, 1000, &done));
    EXPECT_EQ(delivered, 1000);
    EXPECT_EQ(failed, 0);
    run->finish(p.close());
    const auto all = bare.read_all("Test", 1);
    ASSERT_EQ(all.size(), 1000U);
    for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i].value, std::to_string(i));
}

TEST_F(Producer, SaysThatThereIsNoRoom)
{
    producer p(executor(), to().set("queue.buffering.max.messages", "3").set("linger.ms", "1000"));
    int given = 0;
    while (p.try_enqueue(record("Test", "v"))) ++given;
    EXPECT_EQ(given, 3);
    EXPECT_EQ(p.in_flight(), 3U);
    run->finish(p.flush(10s));
    EXPECT_TRUE(p.try_enqueue(record("Test", "v")));
    run->finish(p.close());
}

TEST_F(Producer, ASendThatIsCancelledDisturbsNoOther)
{
    rd_kafka_mock_broker_set_rtt(broker.handle(), 1, 200);
    producer p(executor(), to().set("queue.buffering.max.messages", "5"));
    std::vector<task_handle<delivery>> sends;
    for (int i = 0; i < 20; ++i) sends.push_back(run->start(p.send(record("Test", "v"))));
    run->pass(20ms); // five are sent, fifteen wait for room
    for (int i : {0, 3, 7, 19})
        sends[static_cast<std::size_t>(i)]->cancel.emit(asio::cancellation_type::terminal);
    for (int i = 0; i < 20; ++i) {
        const auto failure = run->failure(sends[static_cast<std::size_t>(i)]);
        const bool cancelled = i == 0 || i == 3 || i == 7 || i == 19;
        EXPECT_EQ(is_aborted(failure), cancelled) << i << ": " << text_of(failure);
    }
    run->finish(p.close());
    const auto count = bare.read_all("Test", 2).size();
    EXPECT_EQ(count, 18U)
        << "what waited for room is not sent, what was sent is delivered all the same";
}

TEST_F(Producer, ARecordThatIsTooLargeFailsAlone)
{
    producer p(executor(), to().set("message.max.bytes", "1000"));
    const std::string large(2000, 'x');
    auto failing = run->start(p.send(record("Test", large)));
    auto fine = run->start(p.send(record("Test", "small")));
    EXPECT_THAT(text_of(run->failure(failing)), AllOf(HasSubstr("Test"), HasSubstr("too large")));
    run->finish(fine);
    run->finish(p.close());
    EXPECT_EQ(bare.read_all("Test", 2).size(), 1U);
}

TEST_F(Producer, ThatIsClosedDeliversWhatIsInFlight)
{
    producer p(executor(), to().set("linger.ms", "300"));
    std::vector<task_handle<delivery>> sends;
    for (int i = 0; i < 100; ++i) sends.push_back(run->start(p.send(record("Test", "v"))));
    run->pass(1ms);
    run->finish(p.close());
    for (auto& s : sends) EXPECT_EQ(run->failure(s), nullptr);
    EXPECT_EQ(bare.read_all("Test", 2).size(), 100U);
}

TEST_F(Producer, ThatIsClosedTooEarlyTellsEachRecordItsFate)
{
    rd_kafka_mock_broker_set_down(broker.handle(), 1);
    producer p(executor(), to().set("queue.buffering.max.messages", "10"));
    std::vector<task_handle<delivery>> sends;
    // 20 wait for room
    for (int i = 0; i < 30; ++i) sends.push_back(run->start(p.send(record("Test", "v"))));
    run->pass(50ms);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THAT(text_of(run->failure(run->start(p.close(200ms)))), HasSubstr("in flight"));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
    for (auto& s : sends) EXPECT_NE(run->failure(s, 3s), nullptr);
    rd_kafka_mock_broker_set_up(broker.handle(), 1);
}

TEST_F(Producer, ThatFailsTellsEachRecordTheCauseAndClosesInPeace)
{
    auto nowhere = kafka::producer_options("127.0.0.1:1").set("enable.idempotence", "true");
    producer p(executor(), nowhere);
    std::vector<task_handle<delivery>> sends;
    for (int i = 0; i < 100; ++i) sends.push_back(run->start(p.send(record("Test", "v"))));
    ASSERT_TRUE(run->wait([&] { return p.in_flight() == 100; }));
    rd_kafka_test_fatal_error(p.state()->link.handle(),
        RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "told by the test");
    for (auto& s : sends) {
        const auto failure = run->failure(s);
        EXPECT_EQ(code_of(failure), RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
        EXPECT_THAT(
            text_of(failure), testing::AllOf(HasSubstr("Test ["), HasSubstr("told by the test")));
    }
    const auto late = run->failure(run->start(p.send(record("Late", "v"))));
    EXPECT_THAT(text_of(late), testing::AllOf(HasSubstr("Late"), HasSubstr("told by the test")));
    run->finish(p.close());
}

TEST_F(Producer, ThatGoesWithRecordsInFlightDoesNotBlockAndLeavesNothingBehind)
{
    rd_kafka_mock_broker_set_down(broker.handle(), 1);
    std::vector<task_handle<delivery>> sends;
    {
        producer p(executor(), to().set("queue.buffering.max.messages", "10"));
        for (int i = 0; i < 30; ++i) sends.push_back(run->start(p.send(record("Test", "v"))));
        run->pass(20ms);
    }
    sends.clear();
    const auto begin = std::chrono::steady_clock::now();
    run = nullptr;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 500ms);
    run = std::make_unique<kafka_run>();
    EXPECT_TRUE(nothing_runs());
    rd_kafka_mock_broker_set_up(broker.handle(), 1);
}

TEST_F(Producer, OutlivesABrokerThatGoesAndComes)
{
    producer p(executor(), to());
    run->finish(p.send(record("Test", "before")));
    rd_kafka_mock_broker_set_down(broker.handle(), 1);
    auto sending = run->start(p.send(record("Test", "meanwhile")));
    ASSERT_TRUE(run->wait([&] { return !heard->errors.empty(); }));
    EXPECT_FALSE(sending->done());
    rd_kafka_mock_broker_set_up(broker.handle(), 1);
    EXPECT_EQ(run->failure(sending), nullptr);
    run->finish(p.close());
}

asio::awaitable<std::uint64_t> copy(consumer* from, producer* p, std::string topic)
{
    auto job = from->messages() | kafka::to_topic(*p, topic, &message::value);
    co_return co_await cs::run(job);
}

class ToTopic : public embedded_broker_case {
protected:
    ToTopic() { broker.create_topic("Copy", 1); }
};

TEST_F(ToTopic, CopiesEverythingThoughItsQueueIsSmall)
{
    bare.fill("Test", 5000, 2);
    consumer from(executor(), options().until_end());
    producer p(executor(), to().set("queue.buffering.max.messages", "10"));
    EXPECT_EQ(run->finish(copy(&from, &p, "Copy")), 5000U);
    run->finish(from.close());
    run->finish(p.close());
    std::set<std::string> values;
    for (const auto& m : bare.read_all("Copy", 1)) values.insert(*m.value);
    EXPECT_EQ(values.size(), 5000U);
}

TEST_F(ToTopic, AcknowledgesOnlyWhatWasDelivered)
{
    consumer from(executor(), in_group());
    producer p(executor(), to());
    auto copying = run->start(copy(&from, &p, "Copy"));
    ASSERT_TRUE(run->wait([&] { return heard->partitions() == 2; }));
    run->finish(p.send(record("Copy", "warm"))); // the producer is connected
    rd_kafka_mock_broker_set_rtt(broker.handle(), 1, 400); // a report takes so long
    bare.fill("Test", 10, 1);
    ASSERT_TRUE(run->wait([&] { return p.in_flight() == 10; }));
    EXPECT_EQ(heard->committed.count({"Test", 0}), 0U);
    ASSERT_TRUE(run->wait([&] { return p.in_flight() == 0; }));
    rd_kafka_mock_broker_set_rtt(broker.handle(), 1, 0);
    EXPECT_TRUE(run->wait([&] { return heard->committed[{"Test", 0}] == 10; }));
    from.stop();
    EXPECT_EQ(run->finish(copying), 10U);
    run->finish(from.close());
    run->finish(p.close());
}

TEST_F(ToTopic, ADeliveryThatFailsEndsItAndIsNotCommitted)
{
    consumer from(executor(), in_group());
    producer p(executor(), to());
    auto copying = run->start(copy(&from, &p, "Copy"));
    bare.fill("Test", 10, 1);
    ASSERT_TRUE(run->wait([&] { return heard->committed[{"Test", 0}] == 10; }));
    constexpr std::int16_t produce = 0;
    bare.write("Test", "refused", 0);
    // before the error is set, which would hit this, too; the copy of it may be through already
    bare.flush();
    rd_kafka_mock_push_request_errors(
        broker.handle(), produce, 1, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    for (int i = 0; !copying->done() && i < 100; ++i) {
        if (!run->wait([&] { return copying->done(); }, 100ms)) {
            bare.write("Test", "refused", 0);
            rd_kafka_flush(bare.handle(), 1000);
        }
    }
    EXPECT_THAT(text_of(run->failure(copying)),
        testing::AllOf(HasSubstr("Copy"), HasSubstr("uthorization")));
    run->finish(from.close());
    run->finish(p.close());
    // all that is committed was delivered
    EXPECT_LE(bare.committed("group", "Test", 0),
        static_cast<std::int64_t>(bare.read_all("Copy", 1).size()));
}

} // namespace
