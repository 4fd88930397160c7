// How a consumer goes, on librdkafka's mock cluster.

#include "embedded_broker_case.hpp"

namespace {

using kafka::consumer;
using kafka::message;
using testing::HasSubstr;

class ClosedConsumer : public embedded_broker_case {
protected:
    std::vector<std::string> values;
};
class ClosedInGroup : public ClosedConsumer, public testing::WithParamInterface<const char*> {};

TEST_P(ClosedInGroup, BeforeItsFirstAssignmentEndsInTime)
{
    for (auto after : {0ms, 100ms, 2500ms}) {
        consumer from(executor(), in_group().set("partition.assignment.strategy", GetParam()));
        auto reading = run->start(follow(&from, &values));
        run->pass(after);
        from.stop();
        run->finish(reading);
        const auto begin = std::chrono::steady_clock::now();
        run->finish(from.close());
        EXPECT_LT(std::chrono::steady_clock::now() - begin, 6s);
    }
    EXPECT_TRUE(nothing_runs());
}

TEST_P(ClosedInGroup, WithoutAPipelineEndsInTime)
{
    consumer from(executor(), in_group().set("partition.assignment.strategy", GetParam()));
    ASSERT_TRUE(run->wait([&] { return heard->partitions() == 2; }));
    run->finish(from.close());
    EXPECT_EQ(heard->revoked.size(), 1U);
    run->finish(from.close()); // again: nothing
}

INSTANTIATE_TEST_SUITE_P(Protocols, ClosedInGroup, testing::Values("range", "cooperative-sticky"),
    [](const auto& strategy) { return strategy.param[0] == 'r' ? "Eager" : "Cooperative"; });

TEST_F(ClosedConsumer, ThatGoesWithoutACloseDoesNotBlock)
{
    {
        consumer from(executor(), options());
        auto reading = run->start(follow(&from, &values));
        bare.fill("Test", 1000, 2);
        ASSERT_TRUE(run->wait([&] { return values.size() == 1000; }));
        from.stop();
        run->finish(reading);
        const auto begin = std::chrono::steady_clock::now();
        {
            const auto gone = std::move(from);
        }
        EXPECT_LT(std::chrono::steady_clock::now() - begin, 100ms);
    }
    EXPECT_TRUE(nothing_runs());
}

TEST_F(ClosedConsumer, ThatIsStillReadWhenTheLoopGoesLeavesNothingBehind)
{
    auto from = std::make_unique<consumer>(executor(), options());
    auto reading = run->start(follow(from.get(), &values));
    bare.fill("Test", 5000, 2);
    ASSERT_TRUE(run->wait([&] { return values.size() >= 1000; }));
    reading.reset();
    from = nullptr; // before its loop, as every object of Asio's
    run = nullptr; // the pipeline's coroutine goes with it
    run = std::make_unique<kafka_run>();
    EXPECT_TRUE(nothing_runs());
}

TEST_F(ClosedConsumer, WhoseMessageIsStillHeldSaysSoWhenItCloses)
{
    consumer from(executor(), options());
    bare.fill("Test", 10, 1);
    std::vector<message> kept;
    auto keep = [&](message m) { kept.push_back(std::move(m)); };
    auto job = from.messages() | cs::take(10) | cs::for_each(keep);
    run->finish(job.run());
    ASSERT_EQ(kept.size(), 10U);
    EXPECT_THAT(text_of(run->failure(run->start(from.close(300ms)))), HasSubstr("message"));
    EXPECT_EQ(value_of(kept.front()), "0") << "and it lives on";
    kept.clear();
    EXPECT_TRUE(nothing_runs());
}

} // namespace
