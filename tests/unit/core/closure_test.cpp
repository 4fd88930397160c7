#include <corostream/core/closure.hpp>
#include <corostream/operators/count.hpp>
#include <corostream/operators/filter.hpp>
#include <corostream/operators/map.hpp>
#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/operators/take.hpp>
#include <corostream/time/window.hpp>
#include <support/instant_source.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

auto ints() { return instantly(std::vector{1, 2, 3, 4}); }
const auto plus_one = [](int v) { return v + 1; };
const auto twice = [](int v) { return v * 2; };
const auto even = [](int v) { return v % 2 == 0; };
[[maybe_unused]] const auto pair = [](int v) { return std::pair(v, v); };

using values = std::vector<int>;

TEST(Closure, ComposesFromTheLeftAndFromTheRight)
{
    const values expected{4, 8};
    EXPECT_EQ(push_all(ints() | cs::filter(even) | cs::map(twice)).values, expected);
    EXPECT_EQ(push_all(ints() | (cs::filter(even) | cs::map(twice))).values, expected);
    EXPECT_EQ(push_all(ints() | (cs::filter(even) | (cs::map(twice) | cs::filter(even)))).values,
        expected);
    EXPECT_EQ(push_all(ints() | ((cs::filter(even) | cs::map(twice)) | cs::filter(even))).values,
        expected);
}

TEST(Closure, WithANameIsCopiedAndCanBeUsedAgain)
{
    const auto doubled_evens = cs::filter(even) | cs::map(twice);
    for (int again = 0; again < 2; ++again)
        EXPECT_EQ(push_all(ints() | doubled_evens).values, (values{4, 8}));
    EXPECT_EQ(push_all(ints() | doubled_evens | doubled_evens).values, (values{8, 16}));
    const auto longer = doubled_evens | cs::map(plus_one);
    EXPECT_EQ(push_all(ints() | longer).values, (values{5, 9}));
}

TEST(Closure, CarriesWhatCanOnlyBeMoved)
{
    // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks): it loses sight of the moved pointer
    auto add = cs::map([by = std::make_unique<int>(10)](int v) { return v + *by; });
    EXPECT_EQ(push_all(ints() | std::move(add)).values, (values{11, 12, 13, 14}));
}

// Types: what yields a stream, and what a window waiting for its aggregate.

TEST(Closure, ElementWiseOperatorsSlideBelowAWindow)
{
    using open = decltype(ints() | cs::window(4s) | cs::map(plus_one));
    static_assert(cs::is_windowed<open> && !cs::is_pipeline<open>);
    using closed
        = decltype(ints() | cs::window(4s) | cs::map(pair) | cs::reduce_by_key(std::plus()));
    static_assert(cs::is_pipeline<closed>);
    using below
        = decltype(ints() | cs::map(pair) | cs::window(4s) | cs::reduce_by_key(std::plus()));
    static_assert(std::same_as<closed, below>);
}

TEST(Closure, ComposedAcrossAWindowIsTheSamePipeline)
{
    using plain
        = decltype(ints() | cs::window(4s) | cs::map(pair) | cs::reduce_by_key(std::plus()));
    static_assert(std::same_as<plain,
        decltype(ints() | (cs::window(4s) | cs::map(pair) | cs::reduce_by_key(std::plus())))>);
    static_assert(std::same_as<plain,
        decltype(ints() | cs::window(4s) | (cs::map(pair) | cs::reduce_by_key(std::plus())))>);
    static_assert(std::same_as<plain,
        decltype(ints() | (cs::window(4s) | cs::map(pair)) | cs::reduce_by_key(std::plus()))>);
    static_assert(
        cs::is_pipeline<decltype(ints() | (cs::window(4s) | cs::count() | cs::take(1)))>);
    static_assert(
        cs::is_pipeline<decltype(ints() | cs::window(4s) | (cs::count() | cs::take(1)))>);
}

TEST(Closure, KnowsItsKind)
{
    static_assert(cs::is_elementwise<decltype(cs::map(twice) | cs::filter(even))>);
    static_assert(!cs::is_elementwise<decltype(cs::map(twice) | cs::take(1))>);
    static_assert(cs::is_aggregate<decltype(cs::count())>);
    static_assert(
        cs::is_closure<decltype(cs::window(4s))> && !cs::is_elementwise<decltype(cs::window(4s))>);
    static_assert(!cs::is_closure<int>);
}

} // namespace
