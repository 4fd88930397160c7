#include "aggregate_case.hpp"

#include <corostream/operators/variance.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

namespace {

using cs::testing::script;

TEST(Variance, YieldsTheSpreadOfAllPartitionsAndNothingOfAnEmptyWindow)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 0, {2, 4, 4, 4}).batch(1, 0, {5, 5, 7, 9}).wait_until(at(9s)).end();
    auto results = input.stream() | cs::window(4s).emit_empty() | cs::variance();
    EXPECT_EQ(run.finish(results.next())->value(), (cs::spread{8, 5.0, 4.0}));
    EXPECT_EQ(run.finish(results.next())->value(), std::nullopt);
}

TEST(Variance, OfOneNumberIsZero)
{
    auto variance = cs::variance().over<double>();
    decltype(variance)::share share;
    variance.add(share, 7.5, {0, 0});
    EXPECT_EQ(variance.finish(std::move(share)), (cs::spread{1, 7.5, 0.0}));
}

/// Where the mean of the squares less the square of the mean would be nonsense.
TEST(Variance, IsRightFarFromZero)
{
    auto variance = cs::variance().over<double>();
    decltype(variance)::share a, b;
    for (double v : {4.0, 7.0}) variance.add(a, v + 1e9, {0, 0});
    for (double v : {13.0, 16.0}) variance.add(b, v + 1e9, {1, 0});
    variance.merge(a, std::move(b));
    EXPECT_EQ(variance.finish(std::move(a)), (cs::spread{4, 1e9 + 10, 22.5}));
}

TEST(Variance, DoesNotDependOnTheOrder)
{
    whatever_the_order(cs::variance(&reading::value), [](const auto& all, const auto& seen) {
        ASSERT_EQ(seen.has_value(), !all.empty());
        if (!seen) return;
        const auto count = static_cast<double>(all.size());
        double sum = 0, squares = 0;
        for (const auto& p : all) sum += p.of.value;
        for (const auto& p : all) squares += std::pow(p.of.value - sum / count, 2);
        EXPECT_EQ(seen->count, static_cast<std::int64_t>(all.size()));
        EXPECT_NEAR(seen->mean, sum / count, 1e-9);
        EXPECT_NEAR(seen->variance, squares / count, 1e-9);
    });
}

} // namespace
