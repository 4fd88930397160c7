#include <corostream/time/hopping.hpp>
#include <support/at.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

/// Ends of the windows that hold `time`, as those who fire them walk through them.
std::vector<cs::duration> ends_of(cs::hopping w, cs::duration time)
{
    std::vector<cs::duration> ends;
    const auto pane = w.pane_of(at(time));
    for (auto end = w.end_after(pane); end <= w.last_end(pane); end = w.end_after(end))
        ends.push_back(end.time_since_epoch());
    return ends;
}
using durations = std::vector<cs::duration>;

TEST(Hopping, HoldsAnElementInSizeByHopWindows)
{
    const cs::hopping w(10s, 5s);
    EXPECT_EQ(ends_of(w, 0s), (durations{5s, 10s}));
    EXPECT_EQ(ends_of(w, 4'999'999us), (durations{5s, 10s}));
    EXPECT_EQ(ends_of(w, 5s), (durations{10s, 15s}));
    EXPECT_EQ(ends_of(w, -1us), (durations{0s, 5s}));
    EXPECT_EQ(w.begin_of_end(at(5s)), at(-5s));
    EXPECT_EQ(w.pane(), 5s);
}

TEST(Hopping, TakesAHopThatDoesNotDivideTheSize)
{
    const cs::hopping w(10s, 4s); // [-8, 2), [-4, 6), [0, 10), [4, 14)
    EXPECT_EQ(w.pane(), 2s);
    EXPECT_EQ(ends_of(w, 0s), (durations{2s, 6s, 10s}));
    EXPECT_EQ(ends_of(w, 2s), (durations{6s, 10s}));
    EXPECT_EQ(ends_of(w, 4s), (durations{6s, 10s, 14s}));
}

TEST(Hopping, WithAHopOfItsSizeTumbles)
{
    EXPECT_EQ(ends_of(cs::hopping(4s, 4s), 3s), (durations{4s}));
    EXPECT_EQ(ends_of(cs::hopping(4s, 4s), 4s), (durations{8s}));
}

TEST(Hopping, ShiftsByItsOffset)
{
    EXPECT_EQ(ends_of(cs::hopping(10s, 5s, 1s), 0s), (durations{1s, 6s}));
    EXPECT_EQ(ends_of(cs::hopping(10s, 5s, -1s), 0s), (durations{4s, 9s}));
    const auto w = cs::hopping(10s, 5s).shifted(2s);
    EXPECT_EQ(w.size(), 10s);
    EXPECT_EQ(w.hop(), 5s);
    EXPECT_EQ(w.offset(), 2s);
    EXPECT_EQ(ends_of(w, 2s), (durations{7s, 12s}));
}

TEST(Hopping, HoldsEveryTimeInExactlyTheWindowsThatBeginAtMostASizeBefore)
{
    std::mt19937_64 random(11);
    const auto pick = [&](std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution(low, high)(random);
    };
    for (int i = 0; i < 20'000; ++i) {
        const auto size = pick(1, 24), hop = pick(1, size), offset = pick(1 - hop, hop - 1);
        const auto time = pick(-100, 100) + (i % 3 - 1) * 3'000'000'000'000'000;
        durations expected;
        for (auto begin = time - size + 1; begin <= time; ++begin)
            if ((begin - offset) % hop == 0) expected.emplace_back(begin + size);
        const cs::hopping w{cs::duration(size), cs::duration(hop), cs::duration(offset)};
        ASSERT_EQ(ends_of(w, cs::duration(time)), expected)
            << size << ' ' << hop << ' ' << offset << ' ' << time;
    }
}

TEST(Hopping, RefusesWhatMakesNoWindowsAndSaysWhy)
{
    const auto refusal = [](cs::duration size, cs::duration hop, cs::duration offset = {}) {
        try {
            cs::hopping(size, hop, offset);
        } catch (const std::invalid_argument& e) {
            return std::string(e.what());
        }
        return std::string("none");
    };
    EXPECT_EQ(refusal(0us, 1us), "window: the size 0 us is not positive");
    EXPECT_EQ(refusal(1us, 0us), "window: the hop 0 us is not positive");
    EXPECT_EQ(refusal(1us, -1us), "window: the hop -1 us is not positive");
    EXPECT_EQ(refusal(4us, 5us), "window: the hop 5 us is more than the size 4 us");
    EXPECT_EQ(refusal(4us, 2us, 2us), "window: the offset 2 us is not smaller than the hop 2 us");
    EXPECT_EQ(refusal(4us, 2us, -2us), "window: the offset -2 us is not smaller than the hop 2 us");
    EXPECT_EQ(refusal(cs::duration::max(), 1us),
        "window: the size 9223372036854775807 us is more than 1000 years");
    EXPECT_EQ(refusal(std::chrono::years(1000), 1us), "none");
    EXPECT_EQ(refusal(4us, 2us, -1us), "none");
}

} // namespace
