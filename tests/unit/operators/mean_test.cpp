#include "aggregate_case.hpp"

#include <corostream/operators/mean.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <optional>

namespace {

using cs::testing::script;

TEST(Mean, YieldsTheMeanOfAllPartitionsAndNothingOfAnEmptyWindow)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 0, {5, 9}).batch(1, 0, {1, 2}).wait_until(at(9s)).end();
    auto results = input.stream() | cs::window(4s).emit_empty() | cs::mean();
    EXPECT_EQ(run.finish(results.next())->value(), 4.25);
    EXPECT_EQ(run.finish(results.next())->value(), std::nullopt);
}

TEST(Mean, LosesNothingNextToALargeNumber)
{
    auto mean = cs::mean().over<double>();
    decltype(mean)::share a, b;
    for (double v : {1.0, 1e100, 1.0}) mean.add(a, double(v), {0, 0});
    mean.add(b, -1e100, {1, 0});
    mean.merge(a, std::move(b));
    EXPECT_EQ(mean.finish(std::move(a)), 0.5);
}

TEST(Mean, OfTheInfiniteIsInfinite)
{
    const double infinite = std::numeric_limits<double>::infinity();
    auto mean = cs::mean().over<double>();
    decltype(mean)::share share;
    for (double v : {1.0, infinite, 1.0}) mean.add(share, double(v), {0, 0});
    EXPECT_EQ(mean.finish(std::move(share)), infinite);
}

TEST(Mean, DoesNotDependOnTheOrder)
{
    whatever_the_order(cs::mean(&reading::value), [](const auto& all, const auto& seen) {
        int sum = 0;
        for (const auto& p : all) sum += p.of.value;
        ASSERT_EQ(seen.has_value(), !all.empty());
        if (!seen) return;
        EXPECT_DOUBLE_EQ(*seen, sum / static_cast<double>(all.size()));
    });
}

} // namespace
