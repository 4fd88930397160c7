#include <support/duration.hpp>
#include <support/usage_error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

using namespace std::chrono_literals;
using support::duration_text;
using support::parse_duration;
using testing::HasSubstr;

namespace {

std::string complaint(std::string_view text, corostream::duration least = 1ms)
{
    try {
        parse_duration("--window", text, least);
    } catch (const support::usage_error& e) {
        return e.what();
    }
    return "none";
}

TEST(Duration, is_a_whole_number_and_a_unit)
{
    EXPECT_EQ(parse_duration("--window", "4s", 1ms), 4s);
    EXPECT_EQ(parse_duration("--window", "500ms", 1ms), 500ms);
    EXPECT_EQ(parse_duration("--window", "2m", 1ms), 2min);
    EXPECT_EQ(parse_duration("--window", "3h", 1ms), 3h);
    EXPECT_EQ(parse_duration("--window", "1d", 1ms), std::chrono::days(1));
    EXPECT_EQ(parse_duration("--window", "1500us", 1ms), 1500us);
    EXPECT_EQ(parse_duration("--window", "3650d", 1ms), std::chrono::days(3650));
    EXPECT_EQ(parse_duration("--window", "1ms", 1ms), 1ms);
}

TEST(Duration, names_the_option_and_the_value_that_is_none)
{
    for (const std::string text :
        {"", "4", "s", "0s", "-4s", "+4s", "4 s", " 4s", "4s ", "4sec", "1.5s", "4S", "0x4s",
            "3651d", "99999999999999999999s", "9223372036854775807d", "999us", "nan", "1e3s"})
        EXPECT_THAT(
            complaint(text), testing::StartsWith("--window: '" + text + "' is not a duration"));
    EXPECT_THAT(complaint("x\x1b[2J"), HasSubstr(R"('x\x1b[2J')"));
    EXPECT_THAT(complaint("0s", 1s), HasSubstr("from 1s to 3650d"));
}

TEST(Duration, has_a_shortest_text)
{
    EXPECT_EQ(duration_text(4s), "4s");
    EXPECT_EQ(duration_text(500ms), "500ms");
    EXPECT_EQ(duration_text(90s), "90s");
    EXPECT_EQ(duration_text(2min), "2m");
    EXPECT_EQ(duration_text(48h), "2d");
    EXPECT_EQ(duration_text(1001us), "1001us");
    EXPECT_EQ(duration_text(0s), "0s");
}

} // namespace
