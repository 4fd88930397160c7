#include <corostream/operators/detail/lower_cursor.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

namespace {

using cs::detail::lower;

TEST(LowerCursor, TakesWhatBothHaveDone)
{
    cs::cursor a{7, {{0, 10}, {2, 20}, {3, 30}}};
    lower(a, {5, {{0, 11}, {1, 5}, {2, 19}}});
    EXPECT_EQ(a.pump, 5U);
    EXPECT_EQ(a.positions, (std::vector<cs::position>{{0, 10}, {2, 19}}));
}

TEST(LowerCursor, FindsPartitionsInAnyOrder)
{
    cs::cursor a{1, {{3, 10}, {1, 20}, {2, 30}}};
    lower(a, {1, {{1, 9}, {2, 9}, {3, 9}}});
    EXPECT_EQ(a.positions, (std::vector<cs::position>{{3, 9}, {1, 9}, {2, 9}}));
}

TEST(LowerCursor, ResumesFromTheOneThatIsFurtherBehind)
{
    cs::cursor a{1, {{0, 10, at(8s), {at(5s), at(4s), 12}}}};
    lower(a, {1, {{0, 9, at(12s), {at(3s), at(8s), 11}}}});
    EXPECT_EQ(a.positions, (std::vector<cs::position>{{0, 9, at(8s), {at(3s), at(4s), 11}}}));
}

TEST(LowerCursor, ResumesByTheLowerWatermarkOfOneOffset)
{
    cs::cursor a{1, {{0, 10, at(8s), {at(5s)}}, {1, 10, at(8s), {at(3s)}}}};
    lower(a, {1, {{0, 10, at(8s), {at(3s)}}, {1, 10, at(8s), {at(5s)}}}});
    for (const auto& p : a.positions) EXPECT_EQ(p.resume.watermark, at(3s));
}

} // namespace
