#include <corostream/core/closure.hpp>
#include <corostream/operators/filter.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <support/counted.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace {

using cs::testing::script;

TEST(Pipeline, IsMovedAndNeverCopied)
{
    using pipeline = decltype(script<int>().stream());
    static_assert(std::move_constructible<pipeline> && !std::copy_constructible<pipeline>);
    static_assert(std::same_as<pipeline::value_type, int>);
}

TEST(Pipeline, AskingForTheNextAcknowledgesTheOnesBefore)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 10, {1, 2}).batch(0, 12, {3}).end();
    auto told = input.acknowledged();
    auto s = input.stream();
    EXPECT_EQ(run.finish(s.next()), 1);
    EXPECT_EQ(told->offset(0), -1);
    EXPECT_EQ(run.finish(s.next()), 2);
    EXPECT_EQ(told->offset(0), -1); // 2 is still in the caller's hands
    EXPECT_EQ(run.finish(s.next()), 3);
    EXPECT_EQ(told->offset(0), 12);
    EXPECT_EQ(run.finish(s.next()), std::nullopt);
    EXPECT_EQ(told->offset(0), 13);
}

TEST(Pipeline, AcknowledgesABatchWithoutResultsAtOnce)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 0, {1}).batch(0, 1, {2}).wait_until(at(1h)).end();
    auto told = input.acknowledged();
    auto none = input.stream() | cs::filter([](int v) { return v < 0; });
    auto asking = run.start(none.next());
    run.clock.settle();
    EXPECT_FALSE(asking->done());
    EXPECT_EQ(told->offset(0), 2);
}

TEST(Pipeline, ThrowsOnceAfterWhatCameBeforeAndAcknowledgesNoneOfThatBatch)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 0, {1}).batch(0, 1, {2, 3, 4}).end();
    auto told = input.acknowledged();
    auto s = input.stream()
           | cs::filter([](int v) { return v == 4 ? throw std::domain_error("four") : true; });
    for (int n : {1, 2, 3}) EXPECT_EQ(run.finish(s.next()), n);
    EXPECT_THROW(run.finish(s.next()), cs::element_error);
    for (int again = 0; again < 3; ++again) EXPECT_EQ(run.finish(s.next()), std::nullopt);
    EXPECT_EQ(told->offset(0), 1);
}

TEST(Pipeline, YieldsNothingMoreAfterACancellation)
{
    virtual_run run;
    script<int> input;
    auto s = input.wait_until(at(1h)).batch(0, 0, {1}).stream();
    auto asking = run.start(s.next());
    run.clock.settle();
    asking->cancel.emit(asio::cancellation_type::terminal);
    run.clock.settle();
    EXPECT_TRUE(is_aborted(asking->error));
    EXPECT_EQ(run.finish(s.next()), std::nullopt);
}

TEST(Pipeline, YieldsElementsOfAnyKind)
{
    virtual_run run;
    script<bool> bools;
    auto b = bools.batch(0, 0, {true, false}).stream();
    EXPECT_EQ(run.finish(b.next()), true);
    EXPECT_EQ(run.finish(b.next()), false);
    script<std::optional<int>> optionals;
    auto o = optionals.batch(0, 0, {std::nullopt, 3}).stream();
    EXPECT_EQ(run.finish(o.next()), std::optional<std::optional<int>>(std::in_place));
    EXPECT_EQ(run.finish(o.next()), std::optional<std::optional<int>>(3));
}

TEST(Pipeline, CanBeMovedBetweenResults)
{
    virtual_run run;
    script<int> input;
    auto s = input.batch(0, 0, {1, 2}).batch(0, 2, {3}).stream();
    EXPECT_EQ(run.finish(s.next()), 1);
    auto t = std::move(s);
    EXPECT_EQ(run.finish(t.next()), 2);
    EXPECT_EQ(run.finish(t.next()), 3);
}

} // namespace
