#include <corostream/operators/detail/branch_cursor.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace {

using positions = std::vector<cs::position>;

cs::detail::branch_cursor at(std::uint64_t pump, const positions& all)
{
    cs::detail::branch_cursor made;
    made.advance(pump, all);
    return made;
}

TEST(BranchCursor, LowersToWhatBothHaveDone)
{
    cs::cursor a{5, {{0, 10}, {2, 20}}};
    EXPECT_TRUE(at(7, {{2, 19}, {0, 11}}).lower(a));
    EXPECT_EQ(a.pump, 5U);
    EXPECT_EQ(a.positions, (positions{{0, 10}, {2, 19}}));
}

TEST(BranchCursor, DoesNotGoWithOneThatDoesNotKnowItsPartitionsYet)
{
    cs::cursor a{5, {{0, 10}}};
    EXPECT_FALSE(at(7, {{0, 11}, {1, 3}}).lower(a));
    cs::cursor b{5, {{0, 10}, {1, 3}}};
    EXPECT_FALSE(at(7, {{0, 11}}).lower(b));
}

TEST(BranchCursor, RemembersAPartitionThatWasTakenAway)
{
    auto ahead = at(5, {{0, 10}, {1, 20}});
    ahead.advance(6, {{0, 12}});
    EXPECT_EQ(ahead.now().positions, (positions{{0, 12}}));
    EXPECT_EQ(ahead.of(1)->offset, 20);
    cs::cursor behind{4, {{0, 9}, {1, 21}}};
    EXPECT_TRUE(ahead.lower(behind));
    EXPECT_EQ(behind.positions, (positions{{0, 9}, {1, 20}}));

    ahead.advance(7, {{0, 12}, {1, 30}}); // it is back
    EXPECT_EQ(ahead.of(1)->offset, 30);
    ahead.advance(8, {{0, 12}}); // and gone again
    EXPECT_EQ(ahead.of(1)->offset, 30);
    EXPECT_EQ(ahead.of(2), nullptr);
}

TEST(BranchCursor, IsBehindOneThatHasHeardOfAPartitionTakenAway)
{
    const auto busy = at(5, {{0, 10}, {1, 20}}), quick = at(5, {{0, 10}}), next = at(6, {{0, 12}});
    EXPECT_TRUE(busy.is_behind(quick));
    EXPECT_FALSE(quick.is_behind(busy));
    EXPECT_TRUE(busy.is_behind(next));
    EXPECT_FALSE(next.is_behind(busy));
}

TEST(BranchCursor, ResumesFromTheOneThatIsFurtherBehind)
{
    cs::cursor a{1, {{0, 10, ::at(8s), {::at(5s), ::at(4s), 12}}}};
    EXPECT_TRUE(at(1, {{0, 9, ::at(12s), {::at(3s), ::at(8s), 11}}}).lower(a));
    EXPECT_EQ(a.positions, (positions{{0, 9, ::at(8s), {::at(3s), ::at(4s), 11}}}));
}

TEST(BranchCursor, ResumesByTheLowerWatermarkOfOneOffset)
{
    cs::cursor a{1, {{0, 10, ::at(8s), {::at(5s)}}, {1, 10, ::at(8s), {::at(3s)}}}};
    EXPECT_TRUE(
        at(1, {{0, 10, ::at(8s), {::at(3s)}}, {1, 10, ::at(8s), {::at(5s)}}}).lower(a));
    for (const auto& p : a.positions) EXPECT_EQ(p.resume.watermark, ::at(3s));
}

} // namespace
