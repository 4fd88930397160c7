#include <corostream/core/run.hpp>
#include <corostream/sinks/collect.hpp>
#include <corostream/sinks/for_each.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <support/virtual_run.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <vector>

namespace {

using cs::testing::script;
using numbers = std::vector<int>;

auto three()
{
    script<int> input;
    input.batch(0, 0, {1, 2}).wait_until(at(1s)).batch(0, 2, {3});
    return input.stream() | cs::collect();
}
using three_job = decltype(three());

static_assert(cs::job<three_job>);
static_assert(!std::copy_constructible<three_job>);

TEST(Run, CompletesWithTheResultOfTheTerminal)
{
    virtual_run run;
    auto job = three();
    EXPECT_EQ(run.finish(cs::run(job)), (numbers{1, 2, 3}));
    EXPECT_EQ(run.clock.now(), at(1s));
}

TEST(Run, AcknowledgesAfterEachBatch)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 0, {1, 2}).wait_until(at(1s)).batch(0, 2, {3}).end();
    std::vector<std::int64_t> acknowledged_before;
    auto told = input.acknowledged();
    auto job = input.stream()
             | cs::for_each([&](int) { acknowledged_before.push_back(told->offset(0)); });
    run.finish(cs::run(job));
    EXPECT_EQ(acknowledged_before, (std::vector<std::int64_t>{-1, -1, 2}));
    EXPECT_EQ(told->offset(0), 3);
}

TEST(Run, TakesACallback)
{
    virtual_run run;
    std::optional<numbers> result;
    cs::run(run.io.get_executor(), three(), [&](std::exception_ptr error, numbers all) {
        EXPECT_FALSE(error);
        result = std::move(all);
    });
    run.clock.advance(1s);
    EXPECT_EQ(result, (numbers{1, 2, 3}));
}

TEST(Run, TakesAFutureAndAnAwaitable)
{
    virtual_run run;
    auto future = cs::run(run.io.get_executor(), three(), asio::use_future);
    auto awaited = run.finish(cs::run(run.io.get_executor(), three(), asio::use_awaitable));
    EXPECT_EQ(awaited, (numbers{1, 2, 3}));
    EXPECT_EQ(future.get(), awaited);
}

TEST(Run, TakesDetachedForAJobWithoutAResult)
{
    virtual_run run;
    numbers seen;
    script<int> input;
    cs::run(run.io.get_executor(),
        input.batch(0, 0, {7}).stream() | cs::for_each([&](int v) { seen.push_back(v); }),
        asio::detached);
    run.clock.settle();
    EXPECT_EQ(seen, numbers{7});
}

TEST(Run, HandsAnErrorToTheToken)
{
    virtual_run run;
    script<int> input;
    std::exception_ptr seen;
    cs::run(run.io.get_executor(), input.batch(4, 30, {7}).stream() | cs::for_each([](int) {
        throw std::domain_error("full");
    }),
        [&](std::exception_ptr error) { seen = error; });
    run.clock.settle();
    EXPECT_EQ(text_of(seen), "script [4] at offset 30: full <- full");
    EXPECT_EQ(input.acknowledged()->offset(4), -1);
}

TEST(Run, IsCancelledThroughTheSlotOfItsToken)
{
    for (auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
             asio::cancellation_type::total}) {
        virtual_run run;
        asio::cancellation_signal stop;
        std::exception_ptr seen;
        int completions = 0;
        cs::run(run.io.get_executor(), three(),
            asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr error, numbers) {
                seen = error;
                ++completions;
            }));
        run.clock.settle();
        stop.emit(type);
        run.clock.advance(1h);
        EXPECT_EQ(completions, 1);
        EXPECT_TRUE(is_aborted(seen));
    }
}

TEST(Run, EndsWhenItsContextDoes)
{
    int completions = 0;
    {
        virtual_run run;
        cs::run(
            run.io.get_executor(), three(), [&](std::exception_ptr, numbers) { ++completions; });
        run.clock.settle();
    }
    EXPECT_EQ(completions, 0);
}

} // namespace
