#include "aggregate_case.hpp"

#include <corostream/operators/first.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window.hpp>

#include <gtest/gtest.h>

#include <optional>

namespace {

using cs::testing::script;

TEST(First, YieldsThatOfAllPartitionsAndNothingOfAnEmptyWindow)
{
    virtual_run run;
    script<reading> input;
    input.batch(1, 0, {{0, 4}, {0, 9}}).batch(0, 0, {{0, 2}, {0, 3}}).wait_until(at(9s)).end();
    auto results = input.stream() | cs::window(4s).emit_empty() | cs::first(&reading::value);
    EXPECT_EQ(run.finish(results.next())->value(), 2); // by partition and offset
    EXPECT_EQ(run.finish(results.next())->value(), std::nullopt);
}

TEST(First, GoesByEventTime)
{
    auto first = cs::first().over<int>();
    decltype(first)::share a, b;
    first.add(a, 6, {0, 0, at(2s)});
    first.add(a, 7, {0, 1, at(1s)});
    first.add(a, 8, {0, 2, at(1s)});
    first.add(b, 3, {1, 0, at(2s)});
    first.add(b, 4, {1, 1, at(3s)});
    first.merge(b, std::move(a));
    EXPECT_EQ(first.finish(std::move(b)), 7);
}

TEST(First, DoesNotDependOnTheOrder)
{
    whatever_the_order(cs::first(), [](const auto& all, const auto& seen) {
        const placed* best = nullptr;
        for (const auto& p : all)
            if (!best || cs::happened_before(p.origin, best->origin)) best = &p;
        EXPECT_EQ(seen, best ? std::optional(best->of) : std::nullopt);
    });
}

} // namespace
