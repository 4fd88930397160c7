#include <corostream/operators/count.hpp>
#include <corostream/operators/filter.hpp>
#include <corostream/operators/take.hpp>
#include <corostream/sinks/collect.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

namespace {

using cs::testing::script;

TEST(Take, AcknowledgesNothingBeyondTheLastOneTaken)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 10, {1, 2, 3, 4, 5});
    auto odd = input.stream() | cs::filter([](int v) { return v % 2 != 0; }) | cs::take(2)
             | cs::collect();
    EXPECT_EQ(run.finish(cs::run(odd)), (std::vector{1, 3}));
    EXPECT_EQ(input.acknowledged()->offset(0), 13);
}

TEST(Take, EndsWithTheBatchInWhichItIsDone)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 0, {1, 2}).fail(std::make_exception_ptr(std::runtime_error("asked for more")));
    auto two = input.stream() | cs::filter([](int) { return true; }) | cs::take(2) | cs::collect();
    EXPECT_EQ(run.finish(cs::run(two)), (std::vector{1, 2}));
}

TEST(Take, OfNothingEndsAtOnceWithoutAskingTheSource)
{
    virtual_run run;
    script<int> input;
    input.fail(std::make_exception_ptr(std::runtime_error("was asked")));
    auto none = input.stream() | cs::filter([](int) { return true; }) | cs::take(0) | cs::collect();
    EXPECT_TRUE(run.finish(cs::run(none)).empty());
}

TEST(Take, OfWindowsLeavesTheOpenOneUnacknowledged)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 0, {1, 2})
        .wait_until(at(4s))
        .batch(0, 2, {3})
        .wait_until(at(9s))
        .batch(0, 3, {4})
        .end();
    auto first = input.stream() | cs::window(4s) | cs::count() | cs::take(1);
    ASSERT_EQ(run.finish(first.next())->value(), 2);
    EXPECT_EQ(run.finish(first.next()), std::nullopt);
    EXPECT_EQ(input.acknowledged()->offset(0), 2);
    EXPECT_EQ(run.clock.now(), at(4s));
}

} // namespace
