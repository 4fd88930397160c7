#include <phone_producer/progress.hpp>
#include <phone_producer/rate_text.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

using namespace std::chrono_literals;
using phone_producer::progress_line;
using testing::HasSubstr;
using testing::Not;

namespace {

TEST(Progress, shows_share_count_rate_and_time_left)
{
    EXPECT_EQ(progress_line({500, 1000, 6s}, 80),
        "[#################                 ]  50 %  500 of 1000  83.3 a second  6 s left");
    EXPECT_EQ(progress_line({1000, 1000, 10s}, 70),
        "[##################################] 100 %  1000 of 1000  100 a second");
}

TEST(Progress, before_the_first_there_is_no_rate)
{
    EXPECT_EQ(progress_line({0, 10, 0s}, 40), "[                       ]   0 %  0 of 10");
}

TEST(Progress, the_time_left_is_rounded_up_and_in_fitting_units)
{
    EXPECT_THAT(progress_line({1, 2, 100ms}, 80), HasSubstr("  1 s left"));
    EXPECT_THAT(progress_line({1, 91, 1s}, 80), HasSubstr("  1 min 30 s left"));
    EXPECT_THAT(progress_line({1, 7501, 1s}, 80), HasSubstr("  2 h 5 min left"));
    EXPECT_THAT(progress_line({2, 2, 1s}, 80), Not(HasSubstr("left")));
}

TEST(Progress, is_no_wider_than_the_terminal)
{
    for (std::size_t columns = 1; columns < 120; ++columns)
        EXPECT_LE(progress_line({123'456, 1'000'000, 77s}, columns).size(), columns);
    EXPECT_EQ(progress_line({500, 1000, 6s}, 30), "  50 %  500 of 1000  83.3 a se");
}

TEST(Progress, a_rate_has_a_decimal_only_where_it_matters)
{
    EXPECT_EQ(phone_producer::rate_text(2.14), "2.1 a second");
    EXPECT_EQ(phone_producer::rate_text(123456.7), "123457 a second");
}

} // namespace
