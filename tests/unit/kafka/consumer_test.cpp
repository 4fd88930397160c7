// The consumer's wiring, on librdkafka's mock cluster.

#include "embedded_broker_case.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace {

using kafka::consumer;
using kafka::message;
using testing::AllOf;
using testing::HasSubstr;

class Consumer : public embedded_broker_case {
protected:
    /// Stops the stream in good order.
    void end(consumer& from, const task_handle<bool>& reading)
    {
        from.stop();
        run->finish(reading);
        run->finish(from.close());
    }

    std::vector<std::string> values;
};

TEST_F(Consumer, IsWokenByAMessageOnAnIdleStream)
{
    consumer from(executor(), options());
    auto reading = run->start(follow(&from, &values));
    std::vector<std::chrono::nanoseconds> waits;
    for (int i = 0; i < 50; ++i) {
        bare.fill("Test", 1, 1, "v"); // returns when it is in the log
        const auto begin = std::chrono::steady_clock::now();
        ASSERT_TRUE(run->wait([&] { return values.size() == static_cast<std::size_t>(i + 1); }, 5s))
            << i;
        waits.push_back(std::chrono::steady_clock::now() - begin);
    }
    std::sort(waits.begin(), waits.end());
    EXPECT_LT(waits[25], 50ms) << "the broker itself takes 10";
    end(from, reading);
}

TEST_F(Consumer, LosesNoWakeUpWhateverTheSizeOfTheBatches)
{
    consumer from(executor(), options());
    auto reading = run->start(follow(&from, &values));
    std::size_t expected = 0;
    for (int count : {1, 999, 1000, 1001, 2000, 1, 4000, 2, 1000}) {
        bare.fill("Test", count, 1);
        expected += static_cast<std::size_t>(count);
        ASSERT_TRUE(run->wait([&] { return values.size() == expected; }, 10s))
            << values.size() << " of " << expected;
    }
    end(from, reading);
}

TEST_F(Consumer, GoesOnWhenThePipelineComesBackToABatchThatItLeft)
{
    consumer from(executor(), options());
    bare.fill("Test", 3000, 1);
    // take(n) ends in the middle of a batch; the rest is for the next stream
    for (int want : {1, 500, 1000, 7}) {
        auto job = from.messages() | cs::map(value_of) | cs::take(static_cast<std::uint64_t>(want))
                 | cs::collect();
        auto got = run->finish(job.run());
        ASSERT_EQ(got.size(), static_cast<std::size_t>(want));
        values.insert(values.end(), got.begin(), got.end());
    }
    for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], std::to_string(i));
    run->finish(from.close());
}

TEST_F(Consumer, ServesItsControlQueueThoughNobodyReads)
{
    consumer from(executor(), options().set("statistics.interval.ms", "20"));
    run->pass(300ms); // events without a message, then idle
    auto reading = run->start(follow(&from, &values));
    bare.fill("Test", 10, 2);
    EXPECT_TRUE(run->wait([&] { return values.size() == 10; }));
    end(from, reading);
}

asio::awaitable<void> read_slowly(consumer* from, cs::wakeup* go_on, std::vector<std::string>* into)
{
    auto values = from->messages() | cs::map(value_of);
    while (auto v = co_await values.next()) {
        into->push_back(std::move(*v));
        if (into->size() == 10) co_await go_on->wait();
    }
}

TEST_F(Consumer, StaysInTheGroupAndLosesNothingWhileThePipelineDoesNotRead)
{
    consumer from(executor(),
        in_group().set("queued.min.messages", "100").set("queued.max.messages.kbytes", "16"));
    cs::wakeup go_on(executor());
    bare.fill("Test", 20'000, 2);
    auto reading = run->start(read_slowly(&from, &go_on, &values));
    ASSERT_TRUE(run->wait([&] { return values.size() == 10; }));
    run->pass(4s); // longer than the session timeout
    EXPECT_EQ(values.size(), 10U);
    EXPECT_TRUE(heard->revoked.empty());
    go_on.notify();
    EXPECT_TRUE(run->wait([&] { return values.size() == 20'000; })) << values.size();
    EXPECT_EQ(std::set<std::string>(values.begin(), values.end()).size(), 20'000U);
    EXPECT_TRUE(heard->revoked.empty());
    end(from, reading);
    EXPECT_EQ(bare.committed("group", "Test", 0) + bare.committed("group", "Test", 1), 20'000);
}

TEST_F(Consumer, CommitsNothingOfAnOpenWindowAndDoesNotEmitItAtAStop)
{
    consumer from(executor(), in_group());
    int seen = 0, windows = 0;
    auto look = [&](const message&) { ++seen; };
    auto count_windows = [&](const auto&) { ++windows; };
    bare.fill("Test", 100, 2);
    auto job = from.messages() | cs::tap(look) | cs::window(24h * 365) | cs::count()
             | cs::for_each(count_windows);
    auto counting = run->start(job.run());
    ASSERT_TRUE(run->wait([&] { return seen == 100; }));
    run->pass(200ms); // some commit intervals
    end(from, counting);
    EXPECT_EQ(windows, 0);
    for (std::int32_t p : {0, 1}) EXPECT_LE(bare.committed("group", "Test", p), 0);
}

TEST_F(Consumer, CommitsPeriodicallyAndAtTheClose)
{
    consumer from(executor(), in_group());
    bare.fill("Test", 100, 2);
    auto reading = run->start(follow(&from, &values));
    ASSERT_TRUE(run->wait([&] { return values.size() == 100; }));
    const auto all_committed
        = [&] { return heard->committed[{"Test", 0}] + heard->committed[{"Test", 1}] == 100; };
    EXPECT_TRUE(run->wait(all_committed)) << "while nothing comes";
    bare.fill("Test", 10, 2);
    ASSERT_TRUE(run->wait([&] { return values.size() == 110; }));
    end(from, reading);
    EXPECT_EQ(bare.committed("group", "Test", 0) + bare.committed("group", "Test", 1), 110);
}

TEST_F(Consumer, NamesTheRecordWhoseFunctionThrowsAndDoesNotCommitIt)
{
    consumer from(executor(), in_group());
    for (int i = 0; i < 10; ++i) bare.write("Test", i == 7 ? "poison" : "fine", 1);
    bare.flush();
    auto check = [](const message& m) {
        if (m.value() == "poison") throw std::domain_error("no \x1b[2J such phone");
    };
    auto job = from.messages() | cs::for_each(check);
    const auto failure = run->failure(run->start(job.run()));
    EXPECT_THAT(text_of(failure), HasSubstr("Test [1] at offset 7: no \\x1b[2J such phone"));
    try {
        std::rethrow_exception(failure);
    } catch (const cs::element_error& e) {
        EXPECT_EQ(e.offset(), 7);
        EXPECT_THROW(e.rethrow_nested(), std::domain_error);
    }
    run->finish(from.close());
    EXPECT_LE(bare.committed("group", "Test", 1), 7);
}

TEST_F(Consumer, EndsWhenCancelledInAWait)
{
    consumer from(executor(), options());
    auto reading = run->start(follow(&from, &values));
    bare.fill("Test", 3, 1);
    ASSERT_TRUE(run->wait([&] { return values.size() == 3; }));
    reading->cancel.emit(asio::cancellation_type::terminal);
    EXPECT_TRUE(is_aborted(run->failure(reading)));
    // and can be read on
    auto again = run->start(follow(&from, &values));
    bare.fill("Test", 3, 1);
    EXPECT_TRUE(run->wait([&] { return values.size() >= 6; }));
    end(from, again);
}

TEST_F(Consumer, GoesOnAfterErrorsThatHeal)
{
    consumer from(executor(), options());
    auto reading = run->start(follow(&from, &values));
    bare.fill("Test", 10, 2);
    ASSERT_TRUE(run->wait([&] { return values.size() == 10; }));
    constexpr std::int16_t fetch = 1;
    rd_kafka_mock_push_request_errors(broker.handle(), fetch, 4,
        RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR__TRANSPORT,
        RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR__TRANSPORT);
    bare.fill("Test", 10, 2);
    EXPECT_TRUE(run->wait([&] { return values.size() == 20; }));
    EXPECT_FALSE(reading->done());
    end(from, reading);
}

TEST_F(Consumer, TellsOfABrokerThatIsDownAndGoesOnWhenItIsBack)
{
    consumer from(executor(), options());
    auto reading = run->start(follow(&from, &values));
    bare.fill("Test", 10, 2);
    ASSERT_TRUE(run->wait([&] { return values.size() == 10; }));
    rd_kafka_mock_broker_set_down(broker.handle(), 1);
    ASSERT_TRUE(run->wait([&] { return !heard->errors.empty(); }));
    EXPECT_EQ(heard->errors.front().severity(), kafka::severity::transient);
    EXPECT_TRUE(kafka::is_unreachable(heard->errors.front().code()));
    EXPECT_FALSE(reading->done());
    rd_kafka_mock_broker_set_up(broker.handle(), 1);
    bare.fill("Test", 10, 2);
    EXPECT_TRUE(run->wait([&] { return values.size() == 20; }));
    end(from, reading);
}

TEST_F(Consumer, TriesACommitAgainThatFailed)
{
    consumer from(executor(), in_group());
    auto reading = run->start(follow(&from, &values));
    ASSERT_TRUE(run->wait([&] { return heard->partitions() == 2; }));
    constexpr std::int16_t offset_commit = 8;
    rd_kafka_mock_push_request_errors(
        broker.handle(), offset_commit, 1, RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE);
    bare.fill("Test", 10, 1);
    ASSERT_TRUE(run->wait([&] { return !heard->failed_commits.empty(); }));
    EXPECT_FALSE(reading->done());
    EXPECT_TRUE(run->wait([&] { return heard->committed[{"Test", 0}] == 10; }));
    end(from, reading);
}

class ManyPartitions : public Consumer {
protected:
    static constexpr int partitions = 60;
    ManyPartitions() { broker.create_topic("Many", partitions); }
};

TEST_F(ManyPartitions, AreAllRead)
{
    consumer from(executor(),
        kafka::consumer_options(broker.bootstrap(), "Many").set("fetch.wait.max.ms", "10"));
    auto reading = run->start(follow(&from, &values));
    for (int round = 1; round <= 5; ++round) {
        bare.fill("Many", partitions, partitions);
        ASSERT_TRUE(run->wait(
            [&] { return values.size() == static_cast<std::size_t>(round * partitions); }, 10s))
            << values.size();
    }
    end(from, reading);
}

TEST_F(ManyPartitions, AreDescribed)
{
    consumer from(executor(),
        kafka::consumer_options(broker.bootstrap(), std::vector<std::string>{"Test", "Many"}));
    const auto found = run->finish(from.describe(5s));
    ASSERT_EQ(found.size(), 62U);
    EXPECT_EQ(found.front().topic, "Many");
    EXPECT_EQ(found[59].partition, 59);
    EXPECT_EQ(found.back().topic, "Test");
    run->finish(from.close());
}

} // namespace
