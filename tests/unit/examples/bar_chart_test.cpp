#include <phone_count/bar_chart.hpp>
#include <support/text_width.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

using phone_count::bar;
using phone_count::bar_chart;

namespace {

std::vector<std::string> lines(const std::string& chart)
{
    std::vector<std::string> all;
    std::istringstream text(chart);
    for (std::string line; std::getline(text, line);) all.push_back(line);
    return all;
}

TEST(BarChart, the_largest_comes_first_and_fills_the_width)
{
    EXPECT_EQ(bar_chart({{"Nokia", 1}, {"Sony", 4}, {"Apple", 1}}, {16, 10}), "Sony  ████████ 4\n"
                                                                              "Apple ██ 1\n"
                                                                              "Nokia ██ 1\n");
}

TEST(BarChart, small_counts_show_as_parts_of_a_block)
{
    EXPECT_EQ(bar_chart({{"a", 16}, {"b", 9}, {"c", 1}}, {7, 10}), "a ██ 16\n"
                                                                   "b █▏ 9\n"
                                                                   "c ▏ 1\n");
}

TEST(BarChart, what_does_not_fit_the_height_is_summed_up)
{
    EXPECT_EQ(bar_chart({{"a", 4}, {"b", 3}, {"c", 2}, {"d", 1}}, {8, 3}), "a ████ 4\n"
                                                                           "b ███ 3\n"
                                                                           "2 more:…\n");
    EXPECT_EQ(lines(bar_chart({{"a", 4}, {"b", 3}, {"c", 2}}, {8, 3})).size(), 3U);
}

TEST(BarChart, no_line_is_wider_than_the_terminal)
{
    const std::vector<bar> bars{
        {"a name that is quite long", 1'000'000}, {"小米手机", 12}, {"x", 1}};
    for (std::size_t columns = 20; columns < 120; ++columns)
        for (const auto& line : lines(bar_chart(bars, {columns, 2})))
            EXPECT_LE(support::text_width(line), columns);
}

TEST(BarChart, without_bars_there_is_nothing) { EXPECT_EQ(bar_chart({}, {80, 24}), ""); }

} // namespace
