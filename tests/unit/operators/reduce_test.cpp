#include "aggregate_case.hpp"

#include <corostream/operators/reduce.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace {

using cs::testing::script;

TEST(Reduce, MakesOneOfAllElementsAndNothingOfAnEmptyWindow)
{
    virtual_run run;
    script<std::string> input;
    input.batch(0, 0, {"a", "ccc"}).batch(1, 0, {"bb"}).wait_until(at(9s)).end();
    const auto longer = [](std::string a, std::string b) { return a.size() < b.size() ? b : a; };
    auto results = input.stream() | cs::window(4s).emit_empty() | cs::reduce(longer);
    EXPECT_EQ(run.finish(results.next())->value(), "ccc");
    EXPECT_EQ(run.finish(results.next())->value(), std::nullopt);
}

TEST(Reduce, OwnsAView)
{
    auto sum = cs::reduce(std::plus<std::string>()).over<std::string_view>();
    decltype(sum)::share share;
    sum.add(share, std::string("of a string that is gone"), {0, 0});
    EXPECT_EQ(sum.finish(std::move(share)), "of a string that is gone");
}

TEST(Reduce, DoesNotDependOnTheOrder)
{
    const auto plus = [](reading a, reading b) {
        return reading{a.sensor + b.sensor, a.value + b.value};
    };
    whatever_the_order(cs::reduce(plus), [&](const auto& all, const auto& seen) {
        std::optional<reading> expected;
        for (const auto& p : all) expected = expected ? plus(*expected, p.of) : p.of;
        EXPECT_EQ(seen, expected);
    });
}

} // namespace
