#include "aggregate_case.hpp"

#include <corostream/operators/min.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

namespace {

using cs::testing::script;

TEST(Min, YieldsTheSmallestOfAllPartitionsAndNothingOfAnEmptyWindow)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 0, {5, 9, 3}).batch(1, 0, {1, 4}).wait_until(at(9s)).end();
    auto results = input.stream() | cs::window(4s).emit_empty() | cs::min();
    EXPECT_EQ(run.finish(results.next())->value(), 1);
    EXPECT_EQ(run.finish(results.next())->value(), std::nullopt);
}

TEST(Min, TakesAProjectionAndOwnsAView)
{
    const auto name = [](const reading& r) -> std::string_view {
        return r.value > 0 ? "positive, and no short name" : "negative, and no short name";
    };
    auto named = cs::min(name).over<reading>();
    decltype(named)::share share;
    named.add(share, {0, 5}, {0, 0});
    named.add(share, {0, -5}, {0, 1});
    named.add(share, {0, 5}, {0, 2});
    EXPECT_EQ(named.finish(std::move(share)), "negative, and no short name");
}

TEST(Min, CountsWhatIsNoNumberAsTheLargest)
{
    const double nan = std::nan("");
    for (auto values : {std::vector{1.0, nan, 2.0}, {nan, 1.0, 2.0}, {2.0, 1.0, nan}}) {
        auto of = cs::min().over<double>();
        decltype(of)::share share;
        for (double v : values) of.add(share, double(v), {0, 0});
        EXPECT_EQ(share, 1.0);
    }
}

TEST(Min, DoesNotDependOnTheOrder)
{
    whatever_the_order(cs::min(&reading::value), [](const auto& all, const auto& seen) {
        std::optional<int> expected;
        for (const auto& p : all)
            expected = expected ? std::min(*expected, p.of.value) : p.of.value;
        EXPECT_EQ(seen, expected);
    });
}

} // namespace
