#include <corostream/kafka/detail/resume_text.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace {

namespace cs = corostream;
using cs::kafka::detail::resume_from;
using cs::kafka::detail::to_text;

cs::resume_point point(std::int64_t watermark, std::int64_t emitted, std::int64_t seen)
{
    return {.watermark = cs::time_point(cs::duration(watermark)),
        .emitted = cs::time_point(cs::duration(emitted)),
        .seen = seen};
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
    p.refused = {7, 8, 1'000'000'000'000, std::numeric_limits<std::int64_t>::max()};
    EXPECT_EQ(resume_from(to_text(p)), p);
    p.cuts = {{10}, {25}};
    EXPECT_EQ(resume_from(to_text(p)), p);
    p.cuts.clear();
    p.refused = {0};
    EXPECT_EQ(resume_from(to_text(p)), p);
}

TEST(ResumeText, LeavesWhatWasRefusedOutBeforeTheCuts)
{
    auto p = point(1, 2, 3);
    for (std::int64_t offset = 0; offset < 3'000; ++offset) p.cuts.push_back({offset});
    auto without = p;
    for (std::int64_t offset = 0; offset < 3'000; ++offset) p.refused.push_back(offset);
    EXPECT_EQ(resume_from(to_text(p)), without);
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
             "corostream 1 1 2 x", "corostream 1 1  2 3", "corostream 2 1 2 3",
             "corostream 1 1 2 99999999999999999999"})
        EXPECT_EQ(resume_from(text), std::nullopt) << text;
}

} // namespace
