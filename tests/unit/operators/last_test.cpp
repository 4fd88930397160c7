#include "aggregate_case.hpp"

#include <corostream/operators/last.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window.hpp>

#include <gtest/gtest.h>

#include <optional>

namespace {

using cs::testing::script;

TEST(Last, YieldsThatOfAllPartitionsAndNothingOfAnEmptyWindow)
{
    virtual_run run;
    script<reading> input;
    input.batch(1, 0, {{0, 4}, {0, 9}}).batch(0, 0, {{0, 2}, {0, 3}}).wait_until(at(9s)).end();
    auto results = input.stream() | cs::window(4s).emit_empty() | cs::last(&reading::value);
    EXPECT_EQ(run.finish(results.next())->value(), 9); // by partition and offset
    EXPECT_EQ(run.finish(results.next())->value(), std::nullopt);
}

TEST(Last, GoesByEventTime)
{
    auto last = cs::last().over<int>();
    decltype(last)::share a, b;
    last.add(a, 6, {0, 0, at(2s)});
    last.add(a, 7, {0, 1, at(1s)});
    last.add(a, 8, {0, 2, at(1s)});
    last.add(b, 3, {1, 0, at(2s)});
    last.add(b, 4, {1, 1, at(3s)});
    last.merge(b, std::move(a));
    EXPECT_EQ(last.finish(std::move(b)), 4);
}

TEST(Last, DoesNotDependOnTheOrder)
{
    whatever_the_order(cs::last(), [](const auto& all, const auto& seen) {
        const placed* best = nullptr;
        for (const auto& p : all)
            if (!best || cs::happened_before(best->origin, p.origin)) best = &p;
        EXPECT_EQ(seen, best ? std::optional(best->of) : std::nullopt);
    });
}

} // namespace
