#include <corostream/time/detail/sliding_events.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>

namespace {

using corostream::duration;
using corostream::time_point;

/// Has no value that stands for nothing.
struct sum {
    explicit sum(std::int64_t first)
        : of(first)
    {
    }
    std::int64_t of;
};
struct adder {
    void merge(sum& into, const sum& from) const { into.of += from.of; }
};

/// Against a map, with `apart` from one event to the next on average: one at a time, or several.
void expect_sums(int apart)
{
    std::mt19937 random(5);
    corostream::detail::sliding_events<sum> events;
    adder merger;
    std::map<time_point, std::int64_t> expected;
    const duration size(20);
    for (time_point now(duration(0)); now < time_point(duration(50'000)); now += duration(1)) {
        const auto value = static_cast<std::int64_t>(random() % 100);
        if (random() % static_cast<unsigned>(apart) == 0) {
            const auto time = now + duration(random() % 3); // the range does not have it yet
            const bool made = events.add(
                time, [&] { return sum(value); }, [&](sum& s) { s.of += value; }, merger);
            EXPECT_EQ(made, expected.count(time) == 0);
            expected[time] += value;
        }
        if (random() % static_cast<unsigned>(4 * apart) == 0) { // too late for that
            const auto time = now - duration(random() % 15 + 1);
            events.amend(time, sum(value), merger);
            expected[time] += value;
        }
        if (random() % 3 == 0) continue;

        const auto end = now + duration(1);
        events.include(end, merger);
        events.slide(end - size, size, merger);
        expected.erase(expected.begin(), expected.lower_bound(end - size));
        std::optional<std::int64_t> whole;
        for (const auto& [time, v] : expected)
            if (time < end) whole = whole.value_or(0) + v;
        const auto got = events.query(merger);
        ASSERT_EQ(got.has_value(), whole.has_value()) << now.time_since_epoch().count();
        ASSERT_EQ(events.empty(), expected.empty());
        if (!got) continue;
        ASSERT_EQ(got->of, *whole) << now.time_since_epoch().count();
        ASSERT_EQ(events.first_time(), expected.begin()->first);
        ASSERT_EQ(events.last_time(), expected.rbegin()->first);
    }
}

TEST(SlidingEvents, AddUpWhenThereAreManyAtATime) { expect_sums(2); }

TEST(SlidingEvents, AddUpWhenThereIsOneAtATime) { expect_sums(60); }

} // namespace
