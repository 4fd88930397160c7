#include <corostream/kafka/detail/resume_text.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace {

namespace cs = corostream;
using cs::kafka::detail::resume_from;
using cs::kafka::detail::to_text;

cs::time_point at(std::int64_t t) { return cs::time_point(cs::duration(t)); }
cs::resume_point point(std::int64_t watermark, std::int64_t emitted, std::int64_t seen)
{
    return {.watermark = at(watermark), .emitted = at(emitted), .seen = seen};
}

TEST(ResumeText, ComesBackAsItWas)
{
    constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
    constexpr auto highest = std::numeric_limits<std::int64_t>::max();
    for (const auto& p : {point(1, 2, 3), point(-5, lowest, -1), point(lowest, highest, highest)})
        EXPECT_EQ(resume_from(to_text(p)), p);
    EXPECT_EQ(to_text(point(1, -2, 3)), "corostream 1 1 -2 3");
}

TEST(ResumeText, KeepsCutsAsDistances)
{
    auto p = point(1, 2, 3);
    p.cuts = {{10}, {10, 2}, {25}, {1'000'000'000'000}};
    EXPECT_EQ(to_text(p), "corostream 1 1 2 3 UBCeu+n000m6B");
    EXPECT_EQ(resume_from(to_text(p)), p);
    p.cuts = {{0}, {0, std::numeric_limits<std::int64_t>::max()},
        {std::numeric_limits<std::int64_t>::max(), 1}};
    EXPECT_EQ(resume_from(to_text(p)), p);
}

TEST(ResumeText, KeepsWhatWasRefusedBehindTheCuts)
{
    auto p = point(1, 2, 3);
    p.refused = {{7, at(100)}, {8, at(100)}, {1'000'000'000'000, at(99)},
        {std::numeric_limits<std::int64_t>::max(), cs::never}};
    EXPECT_EQ(resume_from(to_text(p)), p);
    p.cuts = {{10}, {25}};
    EXPECT_EQ(resume_from(to_text(p)), p);
    p.cuts.clear();
    p.refused = {{0, at(0)}};
    EXPECT_EQ(resume_from(to_text(p)), p);
    p.refused = {{0, cs::never}, {1, cs::time_point::min()}};
    EXPECT_EQ(resume_from(to_text(p)), p);
}

TEST(ResumeText, KeepsWhereTimeWasRaisedBehindThose)
{
    auto p = point(1, 2, 3);
    p.raised = {{7, at(100)}, {9, at(200)}};
    EXPECT_EQ(resume_from(to_text(p)), p);
    p.refused = {{8, at(300)}};
    EXPECT_EQ(resume_from(to_text(p)), p);
    p.cuts = {{10}};
    p.branches = {{5, p}, {6, point(4, 5, 6)}};
    EXPECT_EQ(resume_from(to_text(p)), p);
    p.cuts.clear();
    p.refused.clear();
    EXPECT_EQ(resume_from(to_text(p)), p);
}

TEST(ResumeText, LeavesWhatWasRefusedOutBeforeTheCuts)
{
    auto p = point(1, 2, 3);
    for (std::int64_t offset = 0; offset < 3'000; ++offset) p.cuts.push_back({offset});
    auto without = p;
    for (std::int64_t offset = 0; offset < 3'000; ++offset) p.refused.push_back({offset, {}});
    EXPECT_EQ(resume_from(to_text(p)), without);
}

TEST(ResumeText, KeepsEachBranchInBrackets)
{
    auto p = point(1, 2, 3), inner = point(7, 8, 9);
    inner.branches = {{60, point(10, 11, 12)}, {61}};
    p.branches = {{50, point(4, 5, 6)}, {51, inner}};
    EXPECT_EQ(to_text(p),
        "corostream 1 1 2 3 (50 4 5 6) (51 7 8 9 (60 10 11 12) (61 -9223372036854775808 "
        "-9223372036854775808 -1))");
    EXPECT_EQ(resume_from(to_text(p)), p);
    p.refused = {{55, at(90)}};
    p.branches[0].resume.cuts = {{52}, {54, 1}};
    p.branches[1].resume.branches[0].resume.cuts = {{70}};
    EXPECT_EQ(resume_from(to_text(p)), p);
}

TEST(ResumeText, LeavesTheCutsOfAllBranchesOutThatABrokerWouldNotTake)
{
    auto p = point(1, 2, 3);
    p.branches = {{50, point(4, 5, 6)}, {51, point(7, 8, 9)}};
    const auto without = p;
    for (auto& b : p.branches)
        for (std::int64_t offset = 0; offset < 2'100; ++offset)
            b.resume.cuts.push_back({offset});
    EXPECT_EQ(resume_from(to_text(p)), without);
}

TEST(ResumeText, LeavesBranchesOutThatABrokerWouldNotTake)
{
    auto p = point(1, 2, 3);
    p.cuts = {{10}};
    p.branches.assign(100, {50, point(4, 5, 6)});
    EXPECT_EQ(resume_from(to_text(p)), p);
    p.branches.assign(500, {50, point(4, 5, 6)});
    EXPECT_EQ(resume_from(to_text(p)), point(1, 2, 3));
}

TEST(ResumeText, IsNothingIfItIsLongerThanOursMayBe)
{
    std::string deep(cs::kafka::detail::resume_mark);
    for (int i = 0; i < 20'000; ++i) deep += "1 2 3 (4 ";
    EXPECT_EQ(resume_from(deep), std::nullopt);
}

TEST(ResumeText, LeavesCutsOutThatABrokerWouldNotTake)
{
    auto p = point(1, 2, 3);
    for (std::int64_t offset = 0; offset < 3'900; ++offset) p.cuts.push_back({offset});
    EXPECT_EQ(resume_from(to_text(p)), p);
    for (std::int64_t offset = 4'000; offset < 4'100; ++offset) p.cuts.push_back({offset});
    EXPECT_EQ(resume_from(to_text(p)), point(1, 2, 3));
}

TEST(ResumeText, IsNothingIfItIsNotOurs)
{
    for (const char* text : {"", "something else", "corostream 1 ", "corostream 1 1 2",
             "corostream 1 1 2 3 -", "corostream 1 1 2 3 4", "corostream 1 1 2 3 B",
             "corostream 1 1 2 3 ", "corostream 1 1 2 3  ", "corostream 1 1 2 3  -",
             "corostream 1 1 2 3   ", "corostream 1 1 2 3 U ", "corostream 1 1 2 3 U B ",
             "corostream 1 1 2 x", "corostream 1 1  2 3", "corostream 2 1 2 3",
             "corostream 1 1 2 99999999999999999999", "corostream 1 1 2 3 (", "corostream 1 1 2 3)",
             "corostream 1 1 2 3 (50 4 5 6", "corostream 1 1 2 3 (50 4 5)",
             "corostream 1 1 2 3 (50)", "corostream 1 1 2 3 () ", "corostream 1 1 2 3 (50 4 5 6) ",
             "corostream 1 1 2 3(50 4 5 6)", "corostream 1 1 2 3 (50 4 5 6) U"})
        EXPECT_EQ(resume_from(text), std::nullopt) << text;
}

} // namespace
