#include <corostream/core/owning_range.hpp>

#include <range/v3/view/filter.hpp>
#include <range/v3/view/take.hpp>
#include <range/v3/view/transform.hpp>

#include <gtest/gtest.h>

#include <array>
#include <list>
#include <map>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using corostream::owning_range;
using strings = std::vector<std::string>;

TEST(OwningRange, IsEveryContainer)
{
    static_assert(
        owning_range<strings> && owning_range<std::list<int>> && owning_range<std::array<int, 3>>);
    static_assert(owning_range<std::map<int, std::string>> && owning_range<std::string>);
    static_assert(owning_range<std::ranges::owning_view<strings>>);
}

TEST(OwningRange, IsNoViewOfWhatOthersOwn)
{
    using all = std::views::all_t<strings&>;
    static_assert(!owning_range<all> && !owning_range<std::span<std::string>>
                  && !owning_range<std::string_view>);
    static_assert(!owning_range<decltype(std::declval<strings&>() | std::views::reverse)>);
    static_assert(!owning_range<decltype(std::declval<strings&>() | ranges::views::take(2))>);
    static_assert(
        !owning_range<decltype(std::declval<strings&>()
                               | ranges::views::filter([](const auto&) { return true; }))>);
}

TEST(OwningRange, IsNothingThatMakesItsElementsOnTheFly)
{
    static_assert(
        !owning_range<std::ranges::iota_view<int, int>> && !owning_range<std::vector<bool>>);
    static_assert(
        !owning_range<decltype(std::declval<strings&>()
                               | ranges::views::transform([](auto& s) { return s.size(); }))>);
    static_assert(!owning_range<const strings> && !owning_range<int>);
}

} // namespace
