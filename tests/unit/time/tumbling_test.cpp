#include <corostream/time/tumbling.hpp>

#include <gtest/gtest.h>

#include <random>

namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

cs::duration begin_of(cs::tumbling w, cs::duration time)
{
    return w.begin_of(cs::time_point(time)).time_since_epoch();
}

TEST(Tumbling, AlignsToTheEpoch)
{
    const cs::tumbling w(4s);
    EXPECT_EQ(begin_of(w, 0s), 0s);
    EXPECT_EQ(begin_of(w, 3'999'999us), 0s);
    EXPECT_EQ(begin_of(w, 4s), 4s);
    EXPECT_EQ(begin_of(w, 1'700'000'001s), 1'700'000'000s);
}

TEST(Tumbling, RoundsDownBeforeTheEpoch)
{
    const cs::tumbling w(4s);
    EXPECT_EQ(begin_of(w, -1us), -4s);
    EXPECT_EQ(begin_of(w, -4s), -4s);
    EXPECT_EQ(begin_of(w, -4'000'001us), -8s);
}

TEST(Tumbling, ShiftsByItsOffset)
{
    EXPECT_EQ(begin_of(cs::tumbling(4s, 1s), 0s), -3s);
    EXPECT_EQ(begin_of(cs::tumbling(4s, 1s), 1s), 1s);
    EXPECT_EQ(begin_of(cs::tumbling(4s, -1s), 0s), -1s);
    EXPECT_EQ(begin_of(cs::tumbling(4s, -1s), 3s), 3s);
}

TEST(Tumbling, HoldsEveryTimeInExactlyOneWindow)
{
    std::mt19937_64 random(7);
    const auto pick = [&](std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution(low, high)(random);
    };
    for (int i = 0; i < 20'000; ++i) {
        const auto size = pick(1, i % 2 == 0 ? 10 : 1'000'000'000'000);
        const auto offset = pick(-(size - 1), size - 1);
        const auto time = pick(-3'000'000'000'000'000, 3'000'000'000'000'000);
        const cs::tumbling w{cs::duration(size), cs::duration(offset)};
        const auto begin = begin_of(w, cs::duration(time)).count();
        ASSERT_LE(begin, time);
        ASSERT_LT(time, begin + size);
        ASSERT_EQ((begin - offset) % size, 0);
    }
}

TEST(Tumbling, RefusesWhatMakesNoWindowsAndSaysWhy)
{
    const auto refusal = [](cs::duration size, cs::duration offset) -> std::string {
        try {
            cs::tumbling(size, offset);
        } catch (const std::invalid_argument& e) {
            return e.what();
        }
        return "none";
    };
    EXPECT_EQ(refusal(0us, 0us), "window: the size 0 us is not positive");
    EXPECT_EQ(refusal(-4s, 0us), "window: the size -4000000 us is not positive");
    EXPECT_EQ(refusal(4us, 4us), "window: the offset 4 us is not smaller than the size 4 us");
    EXPECT_EQ(refusal(4us, -4us), "window: the offset -4 us is not smaller than the size 4 us");
    EXPECT_EQ(refusal(cs::duration::max(), 0us),
        "window: the size 9223372036854775807 us is more than 1000 years");
    EXPECT_EQ(refusal(std::chrono::years(1000), 0us), "none");
    EXPECT_EQ(refusal(1us, 0us), "none");
}

} // namespace
