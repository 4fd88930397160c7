// Event time over a consumer, on librdkafka's mock cluster.

#include "embedded_broker_case.hpp"

#include <corostream/corostream.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using EventTime = embedded_broker_case;

auto twice_windowed(kafka::consumer& from)
{
    return from.messages() | cs::event_time(1s) | cs::window(1s) | cs::count() | cs::window(1min)
         | cs::count() | cs::collect();
}

TEST_F(EventTime, RefusesWindowsOverResultsWhereOffsetsAreCommitted)
{
    kafka::consumer from(executor(), in_group());
    auto job = twice_windowed(from);
    const auto failure = run->failure(run->start(job.run()));
    EXPECT_THAT(text_of(failure), testing::HasSubstr("windows over the results of windows"));
    run->finish(from.close());
}

TEST_F(EventTime, HasWindowsOverResultsWhereNothingIsCommitted)
{
    bare.fill("Test", 100, 2);
    kafka::consumer from(
        executor(), options().start(kafka::start_at::earliest).until_end());
    auto job = twice_windowed(from);
    const auto counts = run->finish(job.run());
    std::int64_t windows = 0;
    for (const auto& c : counts) windows += c.value();
    EXPECT_GE(windows, 1);
    EXPECT_LE(windows, 10);
    run->finish(from.close());
}

/// What a thousand keys and more are cut at does not fit beside an offset.
TEST_F(EventTime, TellsThatARestartWillNotKnowAllOfWindowsOfElements)
{
    const auto write = [&](const std::string& key) { bare.write("Test", key, 0); };
    write("alone"); // its window stays open
    for (int i = 0; i < 12'000; ++i) write(std::to_string(i % 6'000));
    bare.flush();
    std::vector<std::string> errors;
    kafka::events told;
    told.on_error = [&](const kafka::error& e) { errors.emplace_back(e.what()); };
    kafka::consumer from(executor(),
        in_group().start(kafka::start_at::earliest).commit_interval(10ms).on(std::move(told)));
    int windows = 0;
    auto job = from.messages() | cs::window(cs::elements(2))
             | cs::count_by([](const kafka::message& m) { return std::string(m.value()); })
             | cs::for_each([&](const auto&) { ++windows; });
    const auto counting = run->start(cs::run(job));
    EXPECT_TRUE(run->wait([&] { return !errors.empty(); }, 10s));
    EXPECT_THAT(errors, testing::Each(testing::HasSubstr("of Test [0]: what a restart there has")));
    run->pass(100ms);
    EXPECT_EQ(errors.size(), 1U); // once until it fits again
    from.stop();
    run->finish(counting);
    run->finish(from.close());
}

TEST_F(EventTime, ClosesTheLastWindowsWhenEveryPartitionIsProvedToBeIdle)
{
    bare.fill("Test", 10, 1); // the other partition has nothing at all
    kafka::consumer from(executor(), options().start(kafka::start_at::earliest));
    auto counts = from.messages() | cs::event_time(10ms).idle_after(200ms) | cs::window(100ms)
                | cs::count() | cs::take(1) | cs::collect();
    const auto seen = run->finish(counts.run(), 10s);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_GE(seen[0].value(), 1);
    run->finish(from.close());
}

} // namespace
