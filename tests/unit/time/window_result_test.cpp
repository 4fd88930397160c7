#include <corostream/time/window_result.hpp>

#include <range/v3/range/conversion.hpp>
#include <range/v3/view/filter.hpp>
#include <range/v3/view/transform.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

const cs::time_point begin{}, end{4s};

TEST(WindowResult, KnowsItsBoundsAndValue)
{
    cs::window_result<std::unique_ptr<int>> w(begin, end, std::make_unique<int>(3));
    EXPECT_EQ(w.begin_time(), begin);
    EXPECT_EQ(w.end_time(), end);
    EXPECT_EQ(*w.value(), 3);
    auto taken = std::move(w).value();
    EXPECT_EQ(*taken, 3);
}

TEST(WindowResult, OfRowsIsARangeThatStandardAndRangeV3AdaptorsTake)
{
    using rows = std::vector<std::pair<std::string, int>>;
    const cs::window_result<rows> w(begin, end, {{"a", 1}, {"b", 2}});
    static_assert(std::ranges::random_access_range<decltype(w)>);
    EXPECT_EQ(w.size(), 2U);
    EXPECT_FALSE(w.empty());
    const auto names = w | ranges::views::filter([](const auto& row) { return row.second > 1; })
                     | ranges::views::transform([](const auto& row) { return row.first; })
                     | ranges::to<std::vector>();
    EXPECT_EQ(names, std::vector<std::string>{"b"});
    int sum = 0;
    for (int n : w | std::views::values) sum += n;
    EXPECT_EQ(sum, 3);
}

TEST(WindowResult, OfANumberIsNoRange)
{
    static_assert(!std::ranges::range<const cs::window_result<std::int64_t>>);
}

} // namespace
