#include <support/time_text.hpp>

#include <gtest/gtest.h>

#include <chrono>

using namespace std::chrono_literals;
using support::epoch_ms;
using support::iso_time;

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

TEST(TimeText, milliseconds_are_rounded_down)
{
    EXPECT_EQ(epoch_ms(epoch + 1999us), 1);
    EXPECT_EQ(epoch_ms(epoch - 1us), -1);
}

} // namespace
