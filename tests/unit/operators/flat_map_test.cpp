#include <corostream/operators/flat_map.hpp>
#include <support/counted.hpp>
#include <support/instant_source.hpp>

#include <range/v3/view/take.hpp>

#include <gtest/gtest.h>

#include <list>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>

namespace cs = corostream;

namespace {

TEST(FlatMap, MakesNoneOneOrManyEachWithTheOffsetOfTheirElement)
{
    const auto out = push_all(instantly(std::vector{0, 1, 3}) | cs::flat_map([](int v) {
        return std::list<int>(static_cast<std::size_t>(v), v);
    }));
    EXPECT_EQ(out.values, (std::vector{1, 3, 3, 3}));
    EXPECT_EQ(out.offsets, (std::vector<std::int64_t>{1, 2, 2, 2}));
}

TEST(FlatMap, TakesAnOptional)
{
    const auto out = push_all(instantly(std::vector{1, 2}) | cs::flat_map([](int v) {
        return v == 2 ? std::optional("two") : std::nullopt;
    }));
    EXPECT_EQ(out.values.size(), 1U);
    EXPECT_STREQ(out.values.at(0), "two");
    std::optional<int> kept = 4;
    EXPECT_EQ(push_all(instantly(std::vector{1}) | cs::flat_map([&](int) -> std::optional<int>& {
        return kept;
    })).values,
        (std::vector{4}));
    EXPECT_EQ(kept, 4);
}

TEST(FlatMap, TakesViewsThatAreMadeOnTheFly)
{
    auto squares = [](int v) {
        return std::views::iota(1, v + 1) | std::views::transform([](int i) { return i * i; });
    };
    EXPECT_EQ(push_all(instantly(std::vector{2, 3}) | cs::flat_map(squares)).values,
        (std::vector{1, 4, 1, 4, 9}));
}

TEST(FlatMap, StopsWithinAnElementWhenNoMoreIsWanted)
{
    auto out = push_all(
        instantly(std::vector{1, 2, 3}) | cs::flat_map([](int v) { return std::vector{v, v, v}; }),
        4);
    EXPECT_EQ(out.values, (std::vector{1, 1, 1, 2}));
    EXPECT_EQ(out.read, 2);
}

TEST(FlatMap, MovesOutOfWhatItOwnsAndCopiesWhatOthersOwn)
{
    counted::copies = 0;
    auto made = [](int v) {
        std::vector<counted> some;
        some.emplace_back(v);
        return some;
    };
    EXPECT_EQ(push_all(instantly(std::vector{7}) | cs::flat_map(made)).values.at(0).number(), 7);
    EXPECT_EQ(counted::copies, 0);

    auto theirs = made(8);
    EXPECT_EQ(
        push_all(instantly(std::vector{1}) | cs::flat_map([&](int) { return std::span(theirs); }))
            .values.at(0)
            .number(),
        8);
    EXPECT_EQ(
        push_all(instantly(std::vector{1}) | cs::flat_map([&](int) -> auto& { return theirs; }))
            .values.at(0)
            .number(),
        8);
    EXPECT_EQ(push_all(instantly(std::vector{1})
                       | cs::flat_map([&](int) { return theirs | ranges::views::take(1); }))
                  .values.at(0)
                  .number(),
        8);
    EXPECT_EQ(theirs.at(0).number(), 8);
}

} // namespace
