#include <corostream/core/time.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

TEST(Time, ToDurationRoundsDown)
{
    EXPECT_EQ(cs::to_duration(4s), 4'000'000us);
    EXPECT_EQ(cs::to_duration(1999ns), 1us);
    EXPECT_EQ(cs::to_duration(-1ns), -1us);
    EXPECT_EQ(cs::to_duration(std::chrono::duration<double>(0.25)), 250ms);
}

TEST(Time, ToDurationStopsAtTheEndsInsteadOfOverflowing)
{
    using real = std::chrono::duration<double>;
    EXPECT_EQ(cs::to_duration(std::chrono::hours::max()), cs::duration::max());
    EXPECT_EQ(cs::to_duration(std::chrono::hours::min()), cs::duration::min());
    EXPECT_EQ(cs::to_duration(real(std::numeric_limits<double>::infinity())), cs::duration::max());
    EXPECT_EQ(cs::to_duration(real(std::numeric_limits<double>::quiet_NaN())), cs::duration::min());
    EXPECT_EQ(cs::to_duration(cs::duration::max()), cs::duration::max());
    EXPECT_EQ(cs::to_duration(cs::duration::min()), cs::duration::min());
}

TEST(Time, AfterAndBeforeStopAtTheEndsInsteadOfOverflowing)
{
    const auto before_the_epoch = cs::time_point(-5s);
    EXPECT_EQ(cs::time_after(before_the_epoch, 4s), cs::time_point(-1s));
    EXPECT_EQ(cs::time_after(before_the_epoch, cs::duration::max()), cs::never - 5s);
    EXPECT_EQ(cs::time_after(cs::time_point(1us), cs::duration::max()), cs::never);
    EXPECT_EQ(cs::time_before(before_the_epoch, 4s), cs::time_point(-9s));
    EXPECT_EQ(
        cs::time_before(cs::time_point(1us), cs::duration::max()), cs::time_point::min() + 2us);
    EXPECT_EQ(cs::time_before(before_the_epoch, cs::duration::max()), cs::time_point::min());
}

} // namespace
