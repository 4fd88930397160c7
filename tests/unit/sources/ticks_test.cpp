#include <corostream/core/run.hpp>
#include <corostream/operators/take.hpp>
#include <corostream/sinks/collect.hpp>
#include <corostream/sources/ticks.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace {

using times = std::vector<cs::time_point>;

asio::awaitable<times> first(
    asio::any_io_executor executor, cs::duration period, cs::time_point from, std::uint64_t count)
{
    auto job = cs::ticks(executor, period, from) | cs::take(count) | cs::collect();
    co_return co_await cs::run(job);
}

TEST(Ticks, ComeAtMultiplesOfThePeriod)
{
    virtual_run run(at(2500ms));
    EXPECT_EQ(run.finish(first(run.io.get_executor(), 1s, cs::time_point::min(), 3)),
        (times{at(3s), at(4s), at(5s)}));
    EXPECT_EQ(run.clock.now(), at(5s));
}

TEST(Ticks, ComeAtMultiplesBeforeTheEpochToo)
{
    virtual_run run(at(-2500ms));
    EXPECT_EQ(run.finish(first(run.io.get_executor(), 1s, cs::time_point::min(), 3)),
        (times{at(-2s), at(-1s), at(0s)}));
}

TEST(Ticks, BeginAfterNowAndNotAtIt)
{
    virtual_run run(at(3s));
    EXPECT_EQ(
        run.finish(first(run.io.get_executor(), 1s, cs::time_point::min(), 1)), (times{at(4s)}));
}

TEST(Ticks, BeginWhereTheyAreTold)
{
    virtual_run run(at(10s));
    EXPECT_EQ(run.finish(first(run.io.get_executor(), 1s, at(12'300ms), 2)),
        (times{at(12'300ms), at(13'300ms)}));
    EXPECT_EQ(run.finish(first(run.io.get_executor(), 1s, at(11'500ms), 3)),
        (times{at(11'500ms), at(12'500ms), at(13'500ms)})); // two were missed
}

TEST(Ticks, ThatWereMissedComeAtOnceInOneBatch)
{
    struct sink : cs::null_sink {
        times* seen;
        int* batches;
        void begin(const cs::batch&) { ++*batches; }
        bool push(cs::time_point&& t, const cs::element&)
        {
            seen->push_back(t);
            return true;
        }
    };
    virtual_run run;
    auto stage = cs::ticks(run.io.get_executor(), 1s).release();
    times seen;
    int batches = 0;
    run.clock.advance(3s);
    EXPECT_EQ(run.finish(stage.pump(sink{{}, &seen, &batches}, cs::never)), cs::pumped::items);
    EXPECT_EQ(seen, (times{at(1s), at(2s), at(3s)}));
    EXPECT_EQ(batches, 1);
    EXPECT_EQ(run.finish(stage.pump(sink{{}, &seen, &batches}, at(3500ms))), cs::pumped::timeout);
    EXPECT_EQ(run.clock.now(), at(3500ms));
}

TEST(Ticks, RefuseAPeriodThatIsNotPositive)
{
    asio::io_context io;
    for (auto period : {cs::duration(0), cs::duration(-1)})
        EXPECT_THROW(cs::ticks(io.get_executor(), period), std::invalid_argument);
    EXPECT_THROW(cs::ticks(io.get_executor(), 1ns), std::invalid_argument);
}

} // namespace
