#include <corostream/operators/detail/branch_cursor.hpp>
#include <corostream/operators/detail/branch_points.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

struct branch {
    cs::detail::branch_cursor acknowledged;
    bool gone = false;
    bool holds_back() const { return !gone; }
};

using ::at;
branch at(std::int64_t offset, const cs::resume_point& resume = {})
{
    branch b;
    b.acknowledged.advance(1, {{0, offset, cs::never, resume}});
    return b;
}
/// What is told of a branch without windows.
const cs::resume_point without_windows{at(5s), cs::never, cs::nothing_held};

using cs::detail::set_points;

TEST(BranchPoints, TellWhereEachBranchIs)
{
    const cs::resume_point by_time{at(5s), at(4s), 12};
    const cs::resume_point by_elements{.cuts = {{13}}};
    cs::position all{0, 10, cs::never, {at(3s), at(4s), 12, {{11}}}};
    set_points(all, std::array{at(12, by_time), at(10, by_elements), at(14, without_windows)});
    cs::resume_point expected{at(3s), at(4s), 12};
    expected.branches
        = {{12, by_time}, {10, by_elements}, {14, {.watermark = at(5s), .seen = cs::nothing_held}}};
    EXPECT_EQ(all.resume, expected);
}

TEST(BranchPoints, AreNoneIfNoBranchHasWindows)
{
    cs::position all{0, 10, cs::never, {at(3s), cs::never, 12}};
    set_points(all, std::array{at(12, without_windows), at(10)});
    EXPECT_EQ(all, (cs::position{0, 10}));
}

TEST(BranchPoints, OfABranchThatIsGoneAreWhatAllHaveInCommon)
{
    auto gone = at(20, {at(9s), at(8s), 21});
    gone.gone = true;
    const cs::resume_point by_time{at(5s), at(4s), 12};
    cs::position all{0, 10, cs::never, by_time};
    set_points(all, std::array{at(10, by_time), gone});
    EXPECT_EQ(all.resume.branches, (std::vector<cs::branch_point>{{10, by_time}, {10, by_time}}));
}

/// A source that goes on after a restart.
struct source {
    cs::resume_point from;
    const cs::resume_point& resumed(cs::partition_id) const { return from; }
};

TEST(BranchPoints, TellAfterARestartWhereEachBranchGoesOn)
{
    source s{{.branches = {{5}, {7}}}};
    cs::detail::branch_starts<2> starts;
    EXPECT_EQ(starts.of(s, 3), (std::array<std::int64_t, 2>{5, 7}));
    s.from.branches = {{8}, {9}}; // it was taken away, and is back
    EXPECT_EQ(starts.begin(s, 3)[0], 8);
    s.from.branches = {{10}, {11}};
    EXPECT_EQ(starts.begin(s, 3)[0], 8); // that was when it began
    EXPECT_EQ(starts.of(s, 3)[0], 8);
    starts.revoke(3);
    EXPECT_EQ(starts.begin(s, 3)[0], 10);
    constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
    EXPECT_EQ(cs::detail::branch_starts<3>().of(s, 3)[0], lowest); // those of other branches
}

} // namespace
