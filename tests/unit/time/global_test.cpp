#include <corostream/time/global.hpp>
#include <support/at.hpp>

#include <gtest/gtest.h>

#include <string>

namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

TEST(Global, IsToldAtMultiplesOfItsTriggerAfterTheEpoch)
{
    const cs::global w(cs::every(10s));
    EXPECT_EQ(w.end_after(at(0s)), at(10s));
    EXPECT_EQ(w.end_after(at(9'999'999us)), at(10s));
    EXPECT_EQ(w.end_after(at(10s)), at(20s));
    EXPECT_EQ(w.end_after(at(-1us)), at(0s));
    EXPECT_EQ(w.pane_of(at(-1us)), at(-10s));
    EXPECT_EQ(w.pane(), 10s);
}

TEST(Global, BeginsBeforeAllTimeAndNeverEnds)
{
    const cs::global w(cs::every(10s));
    EXPECT_EQ(w.begin_of_end(at(10s)), cs::time_point::min());
    EXPECT_EQ(w.last_end(at(0s)), cs::never);
}

TEST(Global, CountsIfItsTriggerIsANumber)
{
    EXPECT_EQ(cs::global(cs::every(100)).hop(), 100);
}

TEST(Global, RefusesATriggerThatNeverComesAndSaysWhy)
{
    const auto refusal = [](auto step) {
        try {
            cs::every(step);
        } catch (const std::invalid_argument& e) {
            return std::string(e.what());
        }
        return std::string("none");
    };
    EXPECT_EQ(refusal(0s), "window: the trigger 0 us is not positive");
    EXPECT_EQ(refusal(-1us), "window: the trigger -1 us is not positive");
    EXPECT_EQ(refusal(std::chrono::years(1001)),
        "window: the trigger 31588508952000000 us is more than 1000 years");
    EXPECT_EQ(refusal(std::int64_t(0)), "window: the trigger 0 is not a positive count");
    EXPECT_EQ(refusal(std::int64_t(-5)), "window: the trigger -5 is not a positive count");
    EXPECT_EQ(refusal(1us), "none");
    EXPECT_EQ(refusal(std::int64_t(1)), "none");
}

} // namespace
