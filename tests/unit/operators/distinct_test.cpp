#include "aggregate_case.hpp"

#include <corostream/operators/distinct.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using cs::testing::script;

TEST(Distinct, YieldsEachValueOnceAsFirstSeen)
{
    virtual_run run;
    script<int> input;
    input.batch(1, 0, {5, 9}).batch(0, 0, {7, 1, 7}).batch(1, 2, {1, 5}).wait_until(at(9s)).end();
    auto results = input.stream() | cs::window(4s).emit_empty() | cs::distinct();
    EXPECT_EQ(run.finish(results.next())->value(), (std::vector{7, 1, 5, 9}));
    EXPECT_EQ(run.finish(results.next())->value(), std::vector<int>());
}

TEST(Distinct, OwnsAView)
{
    auto names = cs::distinct(&std::pair<std::string_view, int>::first)
                     .over<std::pair<std::string_view, int>>();
    decltype(names)::share share;
    for (int n : {1, 2})
        names.add(share, {std::string("a string that is gone"), n}, {0, n});
    EXPECT_EQ(names.finish(std::move(share)), (std::vector<std::string>{"a string that is gone"}));
}

TEST(Distinct, DoesNotDependOnTheOrder)
{
    whatever_the_order(cs::distinct(&reading::sensor), [](const auto& all, const auto& seen) {
        std::vector<int> expected;
        for (const auto& p : all)
            if (std::find(expected.begin(), expected.end(), p.of.sensor) == expected.end())
                expected.push_back(p.of.sensor);
        EXPECT_EQ(seen, expected);
    });
}

} // namespace
