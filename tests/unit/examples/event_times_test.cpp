#include <phone_producer/event_times.hpp>
#include <phone_producer/random_phones.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using phone_producer::event_times;
using std::chrono::milliseconds;

namespace {

constexpr corostream::time_point noon
    = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;

std::vector<corostream::time_point> first(std::size_t count, event_times times)
{
    std::vector<corostream::time_point> stamps;
    for (std::size_t i = 0; i < count; ++i) stamps.push_back(times.stamp(i, noon));
    return stamps;
}

TEST(EventTimes, are_when_a_record_is_sent_in_whole_milliseconds)
{
    event_times times(0ms, 1);
    EXPECT_EQ(times.stamp(0, noon), noon);
    EXPECT_EQ(times.stamp(1, noon + 1999us), noon + 1ms);
    EXPECT_EQ(times.stamp(9, noon + 2000us), noon + 2ms);
}

TEST(EventTimes, go_on_at_the_rate_whenever_a_record_is_sent)
{
    event_times times(noon + 999us, 3, 0ms, 1);
    EXPECT_EQ(times.stamp(0, noon + 1h), noon);
    EXPECT_EQ(times.stamp(1, noon + 1h), noon + 333ms);
    EXPECT_EQ(times.stamp(2, noon + 9h), noon + 666ms);
    EXPECT_EQ(times.stamp(3, noon), noon + 1s);
    EXPECT_EQ(times.stamp(10'800, noon), noon + 1h);
    EXPECT_EQ(times.stamp(3'000'000, noon), noon + 1'000'000s);
}

TEST(EventTimes, many_share_a_millisecond_and_few_are_far_apart)
{
    event_times many(noon, 1e6, 0ms, 1);
    EXPECT_EQ(many.stamp(999, noon), noon);
    EXPECT_EQ(many.stamp(1000, noon), noon + 1ms);
    EXPECT_EQ(many.stamp(999'999'999'999, noon), noon + 999'999'999ms);
    event_times few(noon, 0.0001, 0ms, 1);
    EXPECT_EQ(few.stamp(1, noon), noon + 10'000s);
    EXPECT_EQ(few.stamp(7, noon), noon + 70'000s);
}

TEST(EventTimes, stay_at_the_last_millisecond)
{
    event_times times(event_times::last - 1s, 2, 0ms, 1);
    EXPECT_EQ(times.stamp(1, noon), event_times::last - 500ms);
    EXPECT_EQ(times.stamp(2, noon), event_times::last);
    EXPECT_EQ(times.stamp(3, noon), event_times::last);
    EXPECT_EQ(times.stamp(std::numeric_limits<std::uint64_t>::max(), noon), event_times::last);
}

TEST(EventTimes, disorder_makes_records_earlier_by_no_more_than_it_is)
{
    event_times times(noon, 1000, 4ms, 1);
    std::vector<int> seen(5);
    for (int i = 0; i < 5000; ++i) {
        const auto stamp = times.stamp(static_cast<std::uint64_t>(i), noon);
        const auto early = noon + milliseconds(i) - stamp;
        ASSERT_EQ(early % 1ms, 0us);
        ASSERT_GE(early, 0ms);
        ASSERT_LE(early, 4ms);
        ++seen[static_cast<std::size_t>(early / 1ms)];
    }
    for (const int n : seen) { // 1000 each, give or take six standard deviations
        EXPECT_GT(n, 830);
        EXPECT_LT(n, 1170);
    }
}

TEST(EventTimes, disorder_works_on_the_time_of_sending_too)
{
    std::set<corostream::time_point> seen;
    for (const auto t : first(200, event_times(2ms, 7))) seen.insert(t);
    EXPECT_EQ(seen, (std::set<corostream::time_point>{noon - 2ms, noon - 1ms, noon}));
}

TEST(EventTimes, the_same_seed_makes_the_same_times_anywhere)
{
    const event_times times(noon, 1000, 10s, 1);
    EXPECT_EQ(first(1000, times), first(1000, event_times(noon, 1000, 10s, 1)));
    EXPECT_NE(first(1000, times), first(1000, event_times(noon, 1000, 10s, 2)));
    EXPECT_EQ(first(3, times),
        (std::vector<corostream::time_point>{
            noon - 1899ms, noon + 1ms - 7922ms, noon + 2ms - 413ms}));
}

TEST(EventTimes, who_is_late_has_nothing_to_do_with_the_name)
{
    phone_producer::random_phones names({"0", "1"}, 1);
    event_times times(1ms, 1);
    int same = 0;
    for (std::uint64_t i = 0; i < 1000; ++i)
        same += (names.pick() == "1") == (times.stamp(i, noon) == noon - 1ms);
    EXPECT_GT(same, 400);
    EXPECT_LT(same, 600);
}

} // namespace
