#include "aggregate_case.hpp"

#include <corostream/operators/top.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace {

using cs::testing::script;

TEST(Top, YieldsTheLargestOfAllPartitionsLargestFirst)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 0, {5, 9, 3}).batch(1, 0, {1, 7, 4}).wait_until(at(9s)).end();
    auto results = input.stream() | cs::window(4s).emit_empty() | cs::top(3);
    EXPECT_EQ(run.finish(results.next())->value(), (std::vector{9, 7, 5}));
    EXPECT_EQ(run.finish(results.next())->value(), std::vector<int>());
}

TEST(Top, HasFewerOfASmallWindowAndNoneOfZero)
{
    for (std::size_t n : {0U, 5U}) {
        auto top = cs::top(n, &reading::value).over<reading>();
        decltype(top)::share share;
        for (int v : {1, 2, 3}) top.add(share, {0, v}, {0, v});
        EXPECT_EQ(top.finish(std::move(share)).size(), n == 0 ? 0U : 3U);
    }
}

TEST(Top, OwnsAView)
{
    auto top = cs::top(1).over<std::string_view>();
    decltype(top)::share share;
    top.add(share, std::string("a string that is gone"), {0, 0});
    EXPECT_EQ(top.finish(std::move(share)), (std::vector<std::string>{"a string that is gone"}));
}

TEST(Top, DoesNotDependOnTheOrder)
{
    for (std::size_t n : {1U, 3U, 7U})
        whatever_the_order(cs::top(n, &reading::value), [n](auto all, const auto& seen) {
            std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
                return a.of.value != b.of.value ? a.of.value > b.of.value
                                                : cs::seen_before(a.origin, b.origin);
            });
            std::vector<reading> expected;
            for (const auto& p : all)
                if (expected.size() < n) expected.push_back(p.of);
            EXPECT_EQ(seen, expected);
        });
}

} // namespace
