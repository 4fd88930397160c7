#include <support/time_text.hpp>
#include <support/usage_error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

using namespace std::chrono_literals;
using support::epoch_ms;
using support::iso_time;
using support::parse_time;

namespace {

constexpr corostream::time_point epoch{};

TEST(TimeText, is_iso_in_utc_with_a_fraction_only_where_there_is_one)
{
    const corostream::time_point t
        = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h + 10min + 4s;
    EXPECT_EQ(iso_time(t), "2026-11-22T12:10:04Z");
    EXPECT_EQ(iso_time(t + 5ms), "2026-11-22T12:10:04.005Z");
    EXPECT_EQ(iso_time(t + 5us), "2026-11-22T12:10:04.000005Z");
    EXPECT_EQ(iso_time(epoch), "1970-01-01T00:00:00Z");
    EXPECT_EQ(iso_time(epoch - 1ms), "1969-12-31T23:59:59.999Z");
}

std::string refusal_of(std::string_view text, corostream::time_point least = epoch)
{
    try {
        parse_time("--start", text, least);
    } catch (const support::usage_error& e) {
        return e.what();
    }
    return "none";
}

TEST(TimeText, is_read_back_to_the_millisecond)
{
    const corostream::time_point t
        = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h + 10min + 4s;
    EXPECT_EQ(parse_time("--start", "2026-11-22T12:10:04Z", epoch), t);
    EXPECT_EQ(parse_time("--start", "2026-11-22T12:10:04.005Z", epoch), t + 5ms);
    EXPECT_EQ(parse_time("--start", "1970-01-01T00:00:00Z", epoch), epoch);
    EXPECT_EQ(parse_time("--start", "1970-01-01T00:00:00.001Z", epoch + 1ms), epoch + 1ms);
    for (const std::string text :
        {"2024-02-29T23:59:59.999Z", "1999-12-31T09:08:07Z", "9999-12-31T23:59:59.999Z"})
        EXPECT_EQ(iso_time(parse_time("--start", text, epoch)), text);
}

TEST(TimeText, what_is_no_time_is_named)
{
    for (const std::string text : {"", "Z", "now", "2026-11-22", "2026-11-22T12:10Z",
             "2026-11-22T12:10:04", "2026-11-22T12:10:04z", "2026-11-22t12:10:04Z",
             "2026-11-22 12:10:04Z", "2026-11-22T12:10:04+00:00", "2026-11-22T12:10:04Z ",
             " 2026-11-22T12:10:04Z", "2026-11-22T12:10:04.5Z", "2026-11-22T12:10:04.000005Z",
             "2026-11-22T12:10:04,005Z", "2026-02-29T12:10:04Z", "2026-04-31T12:10:04Z",
             "2026-13-01T12:10:04Z", "2026-00-01T12:10:04Z", "2026-01-00T12:10:04Z",
             "2026-11-22T24:00:00Z", "2026-11-22T12:60:00Z", "2026-12-31T23:59:60Z",
             "-026-11-22T12:10:04Z", "+026-11-22T12:10:04Z", "2026-+1-22T12:10:04Z",
             "2026-11-22T 2:10:04Z", "10000-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z"})
        EXPECT_THAT(refusal_of(text), testing::StartsWith("--start: '" + text + "' is not a time"));
    EXPECT_THAT(refusal_of("x\x1b[2J"), testing::HasSubstr(R"('x\x1b[2J')"));
    EXPECT_THAT(refusal_of("1970-01-01T00:00:00Z", epoch + 1ms),
        testing::HasSubstr("from 1970-01-01T00:00:00.001Z to 9999-12-31T23:59:59.999Z"));
}

TEST(TimeText, milliseconds_are_rounded_down)
{
    EXPECT_EQ(epoch_ms(epoch + 1999us), 1);
    EXPECT_EQ(epoch_ms(epoch - 1us), -1);
}

} // namespace
