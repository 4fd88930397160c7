#include "aggregate_case.hpp"

#include <corostream/operators/by_key.hpp>
#include <corostream/operators/count.hpp>
#include <corostream/operators/distinct.hpp>
#include <corostream/operators/first.hpp>
#include <corostream/operators/max.hpp>
#include <corostream/operators/min.hpp>
#include <corostream/operators/together.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window.hpp>
#include <support/counted.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

namespace {

using cs::testing::script;

TEST(Together, YieldsTheResultsOfAll)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 0, {5, 9}).batch(1, 0, {1}).wait_until(at(9s)).end();
    auto results = input.stream() | cs::window(4s).emit_empty()
                 | cs::together(cs::count(), cs::max(), cs::distinct());
    using tuple = std::tuple<std::int64_t, std::optional<int>, std::vector<int>>;
    EXPECT_EQ(run.finish(results.next())->value(), (tuple{3, 9, {5, 9, 1}}));
    EXPECT_EQ(run.finish(results.next())->value(), (tuple{0, std::nullopt, {}}));
}

TEST(Together, CopiesOnlyWhatIsKept)
{
    auto both = cs::together(cs::count(), cs::max(&move_only::number)).over<move_only>();
    decltype(both)::share share;
    both.add(share, move_only(7), {0, 0});
    EXPECT_EQ(both.finish(std::move(share)), (std::tuple(std::int64_t{1}, std::optional(7))));
}

TEST(Together, OfOneIsATupleOfOne)
{
    auto one = cs::together(cs::together(cs::count())).over<int>();
    decltype(one)::share share;
    one.add(share, 7, {0, 0});
    using nested = std::tuple<std::tuple<std::int64_t>>;
    EXPECT_EQ(one.finish_nonempty(std::move(share)), nested(std::tuple(std::int64_t{1})));
}

TEST(Together, DoesNotDependOnTheOrderNorWithinAKey)
{
    auto both = cs::together(cs::count(), cs::first(), cs::min(&reading::value));
    whatever_the_order(
        cs::by_key(&reading::sensor, both), [](const auto& all, const auto& seen) {
            for (const auto& [sensor, results] : seen) {
                const auto& [count, first, least] = results; // without optional
                std::int64_t expected_count = 0;
                const placed* expected_first = nullptr;
                int expected_least = 1000;
                for (const auto& p : all) {
                    if (p.of.sensor != sensor) continue;
                    ++expected_count;
                    if (!expected_first
                        || cs::happened_before(p.origin, expected_first->origin))
                        expected_first = &p;
                    expected_least = std::min(expected_least, p.of.value);
                }
                ASSERT_GT(expected_count, 0);
                EXPECT_EQ(count, expected_count);
                EXPECT_EQ(first, expected_first->of);
                EXPECT_EQ(least, expected_least);
            }
        });
}

} // namespace
