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

} // namespace
