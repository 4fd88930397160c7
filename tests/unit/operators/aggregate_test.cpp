#include "aggregate_case.hpp"

#include <corostream/operators/aggregate.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using cs::testing::script;

const auto add_up = [](int& sum, int v) { sum += v; };

TEST(Aggregate, YieldsTheResultOfItsState)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 0, {5, 9}).batch(1, 0, {1}).wait_until(at(9s)).end();
    auto results = input.stream() | cs::window(4s).emit_empty()
                 | cs::aggregate(0, add_up, add_up, [](int sum) { return std::to_string(sum); });
    EXPECT_EQ(run.finish(results.next())->value(), "15");
    EXPECT_EQ(run.finish(results.next())->value(), "0");
}

TEST(Aggregate, BeginsEachShareWithAValueOrWhatAFunctionMakes)
{
    int made = 0;
    const auto init = [&made] { return std::vector<int>{++made}; };
    const auto append = [](std::vector<int>& to, int v) { to.push_back(v); };
    const auto insert = [](std::vector<int>& to, std::vector<int>&& from) {
        to.insert(to.end(), from.begin(), from.end());
    };
    auto lists = cs::aggregate(init, append, insert).over<int>();
    decltype(lists)::share a, b, none;
    lists.add(a, 10, {0, 0});
    lists.add(b, 20, {1, 0});
    lists.merge(a, std::move(b));
    lists.merge(a, std::move(none));
    EXPECT_EQ(lists.finish(std::move(a)), (std::vector{1, 10, 2, 20}));
}

TEST(Aggregate, DoesNotDependOnTheOrder)
{
    auto sum = cs::aggregate(
        0, [](int& to, const reading& r) { to += r.value; }, add_up);
    whatever_the_order(sum, [](const auto& all, int seen) {
        int expected = 0;
        for (const auto& p : all) expected += p.of.value;
        EXPECT_EQ(seen, expected);
    });
}

} // namespace
