#include <corostream/time/detail/judged_before.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace {

using cs::detail::judged_before;
constexpr auto nothing = cs::time_point::min();

cs::resume_point refusing(std::vector<cs::timed_place> places) { return {.refused = places}; }

TEST(JudgedBefore, KnowsNothingOfPartitionsThatTheClockHadNotTouched)
{
    judged_before before;
    before.resume(0, {.watermark = at(5s), .seen = 12});
    EXPECT_FALSE(before.knows(0));
    EXPECT_FALSE(before.refused(0, {at(9s), 3}));
    EXPECT_EQ(before.raised(0, 3), nothing);
}

TEST(JudgedBefore, RefusesWhatIsLaterThanItsRecordsLimit)
{
    judged_before before;
    before.resume(0, refusing({{3, at(10s)}, {5, at(20s)}}));
    EXPECT_FALSE(before.refused(0, {at(99s), 2}));
    EXPECT_FALSE(before.refused(0, {at(10s), 3})); // of a record that became several elements
    EXPECT_TRUE(before.refused(0, {at(11s), 3}));
    EXPECT_FALSE(before.refused(0, {at(99s), 4}));
    EXPECT_TRUE(before.refused(0, {at(21s), 5}));
    EXPECT_TRUE(before.knows(0));
    EXPECT_FALSE(before.refused(0, {at(99s), 6}));
    EXPECT_FALSE(before.knows(0)); // nothing more is left
}

TEST(JudgedBefore, TellsARaiseWithTheNextElementOnce)
{
    judged_before before;
    before.resume(0, {.raised = {{3, at(10s)}, {5, at(20s)}, {6, at(30s)}}});
    EXPECT_EQ(before.raised(0, 2), nothing);
    EXPECT_EQ(before.raised(0, 3), at(10s));
    EXPECT_EQ(before.raised(0, 4), nothing);
    EXPECT_EQ(before.raised(0, 7), at(30s)); // 5 and 6 were compacted away
    EXPECT_FALSE(before.refused(0, {at(99s), 7}));
    EXPECT_FALSE(before.knows(0));
}

TEST(JudgedBefore, ForgetsAPartitionThatIsTakenAway)
{
    judged_before before;
    before.resume(0, refusing({{3, at(10s)}}));
    before.revoke(0);
    EXPECT_FALSE(before.knows(0));
}

} // namespace
