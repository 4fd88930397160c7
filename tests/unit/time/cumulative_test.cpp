#include <corostream/time/cumulative.hpp>
#include <support/at.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

using bounds = std::vector<std::pair<cs::duration, cs::duration>>;

/// The windows that hold `time`, as those who fire them walk through them.
bounds windows_of(cs::cumulative w, cs::duration time)
{
    bounds found;
    const auto pane = w.pane_of(at(time));
    for (auto end = w.end_after(pane); end <= w.last_end(pane); end = w.end_after(end))
        found.emplace_back(w.begin_of_end(end).time_since_epoch(), end.time_since_epoch());
    return found;
}

TEST(Cumulative, GrowsByItsStepAndBeginsAnewAfterItsSize)
{
    const cs::cumulative w(5s, 15s);
    EXPECT_EQ(windows_of(w, 0s), (bounds{{0s, 5s}, {0s, 10s}, {0s, 15s}}));
    EXPECT_EQ(windows_of(w, 5s), (bounds{{0s, 10s}, {0s, 15s}}));
    EXPECT_EQ(windows_of(w, 14'999'999us), (bounds{{0s, 15s}}));
    EXPECT_EQ(windows_of(w, 15s), (bounds{{15s, 20s}, {15s, 25s}, {15s, 30s}}));
    EXPECT_EQ(windows_of(w, -1us), (bounds{{-15s, 0s}}));
    EXPECT_EQ(w.pane(), 5s);
}

TEST(Cumulative, WithAStepOfItsSizeTumbles)
{
    EXPECT_EQ(windows_of(cs::cumulative(4s, 4s), 3s), (bounds{{0s, 4s}}));
}

TEST(Cumulative, ShiftsByItsOffset)
{
    EXPECT_EQ(windows_of(cs::cumulative(5s, 10s, 7s), 0s), (bounds{{-3s, 2s}, {-3s, 7s}}));
    EXPECT_EQ(windows_of(cs::cumulative(5s, 10s, -1s), 0s), (bounds{{-1s, 4s}, {-1s, 9s}}));
    const auto w = cs::cumulative(5s, 10s).shifted(2s);
    EXPECT_EQ(w.step(), 5s);
    EXPECT_EQ(w.size(), 10s);
    EXPECT_EQ(w.offset(), 2s);
    EXPECT_EQ(windows_of(w, 2s), (bounds{{2s, 7s}, {2s, 12s}}));
}

TEST(Cumulative, HoldsEveryTimeInTheWindowsOfItsSizeThatEndLater)
{
    std::mt19937_64 random(13);
    const auto pick = [&](std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution(low, high)(random);
    };
    for (int i = 0; i < 20'000; ++i) {
        const auto step = pick(1, 6), size = step * pick(1, 6), offset = pick(1 - size, size - 1);
        const auto time = pick(-100, 100) + (i % 3 - 1) * 3'000'000'000'000'000;
        auto begin = time;
        while ((begin - offset) % size != 0) --begin;
        bounds expected;
        for (auto end = begin + step; end <= begin + size; end += step)
            if (end > time) expected.emplace_back(begin, end);
        const cs::cumulative w{cs::duration(step), cs::duration(size), cs::duration(offset)};
        ASSERT_EQ(windows_of(w, cs::duration(time)), expected)
            << step << ' ' << size << ' ' << offset << ' ' << time;
    }
}

TEST(Cumulative, RefusesWhatMakesNoWindowsAndSaysWhy)
{
    const auto refusal = [](cs::duration step, cs::duration size, cs::duration offset = {}) {
        try {
            cs::cumulative(step, size, offset);
        } catch (const std::invalid_argument& e) {
            return std::string(e.what());
        }
        return std::string("none");
    };
    EXPECT_EQ(refusal(0us, 4us), "window: the step 0 us is not positive");
    EXPECT_EQ(refusal(-1us, 4us), "window: the step -1 us is not positive");
    EXPECT_EQ(refusal(1us, 0us), "window: the size 0 us is not positive");
    EXPECT_EQ(refusal(3us, 4us), "window: the size 4 us is not a multiple of the step 3 us");
    EXPECT_EQ(refusal(8us, 4us), "window: the size 4 us is not a multiple of the step 8 us");
    EXPECT_EQ(
        refusal(2us, 4us, 4us), "window: the offset 4 us is not smaller than the size 4 us");
    EXPECT_EQ(refusal(1us, cs::duration::max()),
        "window: the size 9223372036854775807 us is more than 1000 years");
    EXPECT_EQ(refusal(2us, 4us, -3us), "none");
}

} // namespace
