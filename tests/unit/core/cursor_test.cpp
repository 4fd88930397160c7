#include <corostream/core/cursor.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <vector>

namespace cs = corostream;

namespace {

struct fake_stage {
    std::vector<cs::position> at;
    std::map<cs::partition_id, std::int64_t> held;

    fake_stage& source() { return *this; }
    void snapshot(cs::cursor& into) const
    {
        ++into.pump;
        into.positions = at;
    }
    std::int64_t hold(cs::partition_id p) const
    {
        return held.contains(p) ? held.at(p) : cs::nothing_held;
    }
};

/// A stage that has windows besides.
struct fake_window_stage : fake_stage {
    std::map<cs::partition_id, cs::time_point> windows;

    cs::time_point oldest_window(cs::partition_id p) const
    {
        return windows.contains(p) ? windows.at(p) : cs::never;
    }
};

TEST(Cursor, IsTheLowerOfPositionAndHoldForEachPartition)
{
    fake_stage stage{{{0, 100}, {1, 200}, {5, 300}}, {{0, 40}, {5, 400}, {9, 1}}};
    cs::cursor c;
    cs::take_snapshot(stage, c);
    EXPECT_EQ(c.positions, (std::vector<cs::position>{{0, 40}, {1, 200}, {5, 300}}));
    EXPECT_EQ(c.pump, 1U);
}

TEST(Cursor, TellsTheOldestOpenWindowOfEachPartition)
{
    const cs::time_point begin{std::chrono::seconds(4)};
    fake_window_stage stage{{{{0, 100}, {1, 200}}, {}}, {{1, begin}}};
    cs::cursor c;
    cs::take_snapshot(stage, c);
    EXPECT_EQ(c.positions, (std::vector<cs::position>{{0, 100, cs::never}, {1, 200, begin}}));
}

TEST(Cursor, IsTakenAnewIntoTheSameObject)
{
    fake_stage stage{{{0, 100}}, {{0, 40}}};
    cs::cursor c;
    cs::take_snapshot(stage, c);
    stage = {{{1, 7}}, {}};
    cs::take_snapshot(stage, c);
    EXPECT_EQ(c.positions, (std::vector<cs::position>{{1, 7}}));
}

TEST(Cursor, OfASourceWithNothingToCommitIsEmpty)
{
    cs::cursor c{3, {{0, 1}}};
    cs::replayable_source().snapshot(c);
    EXPECT_TRUE(c.positions.empty());
}

} // namespace
