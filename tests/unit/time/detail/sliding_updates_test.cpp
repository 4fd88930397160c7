// Windows that slide with events, and that late ones change, as data: no clock, no loop.

#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/time/detail/sliding_state.hpp>
#include <corostream/time/sliding.hpp>
#include <support/at.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;
using cs::detail::verdict;
using cs::emission;

namespace sliding_updates {

using row = std::pair<std::string, int>;
using summing
    = cs::detail::keyed_reduction<row, std::string, int, cs::detail::as_pair, std::plus<>>;

/// A window by the moment with which it ends.
struct told_window {
    emission what;
    cs::duration moment;
    std::vector<row> rows;

    friend bool operator==(const told_window&, const told_window&) = default;
    friend std::ostream& operator<<(std::ostream& out, const told_window& t)
    {
        out << static_cast<int>(t.what) << " up to " << t.moment / 1s << " s:";
        for (const auto& [key, sum] : t.rows) out << ' ' << key << '=' << sum;
        return out;
    }
};
using told = std::vector<told_window>;

/// Windows of ten seconds; events may be late by twenty.
class SlidingUpdates : public testing::Test {
protected:
    verdict add(cs::partition_id p, cs::duration time, cs::duration watermark, row value)
    {
        if (!state_.owns(p)) state_.resume(p);
        state_.open(p);
        return state_.add({at(time), at(watermark), offset_++}, std::move(value));
    }

    told fire(cs::duration now, std::size_t wanted = SIZE_MAX)
    {
        told seen;
        state_.fire(at(now), [&](auto&& r) {
            seen.push_back({r.emission(), (r.end_time() - 1us).time_since_epoch(),
                {r.begin(), r.end()}});
            return seen.size() < wanted;
        });
        return seen;
    }

    cs::detail::sliding_state<cs::sliding, summing, true> state_{
        cs::sliding(10s), {.allowed = 20s}, summing({}, {})};
    std::int64_t offset_ = 0;
};

TEST_F(SlidingUpdates, TellEachWindowAgainThatSlidesOverALateEvent)
{
    add(0, 1s, 0s, {"a", 1});
    add(0, 5s, 0s, {"a", 2});
    add(0, 5s, 0s, {"b", 8});
    add(0, 14s, 0s, {"a", 4});
    EXPECT_EQ(fire(15s).size(), 3U);
    EXPECT_EQ(add(0, 3s, 20s, {"a", 16}), verdict::counted);
    EXPECT_EQ(fire(20s), told());
    EXPECT_EQ(fire(21s), (told{{emission::complete, 3s, {{"a", 17}}},
                             {emission::update, 5s, {{"a", 19}}}}));
    EXPECT_EQ(fire(40s), told());
}

TEST_F(SlidingUpdates, GoOnWhereTheSinkWantedNoMore)
{
    add(0, 1s, 0s, {"a", 1});
    add(0, 2s, 0s, {"a", 2});
    EXPECT_EQ(fire(10s).size(), 2U);
    add(0, 1s, 12s, {"a", 4});
    EXPECT_EQ(fire(13s, 1), (told{{emission::update, 1s, {{"a", 5}}}}));
    EXPECT_EQ(state_.next_end(), at(2s + 1us));
    EXPECT_EQ(fire(13s, 1), (told{{emission::update, 2s, {{"a", 7}}}}));
    EXPECT_EQ(state_.next_end(), cs::never);
}

/// It is too late for the first of the windows, not for those that follow.
TEST_F(SlidingUpdates, LeaveOutWhatIsLaterThanAllowed)
{
    add(0, 1s, 0s, {"a", 1});
    add(0, 8s, 0s, {"a", 2});
    EXPECT_EQ(fire(10s).size(), 2U);
    EXPECT_EQ(add(0, 1s, 25s, {"a", 4}), verdict::counted);
    EXPECT_EQ(fire(26s), (told{{emission::update, 8s, {{"a", 7}}}}));
    EXPECT_EQ(add(0, 1s, 31s, {"a", 8}), verdict::late);
}

TEST_F(SlidingUpdates, KeepEventsAsLongAsALateOneIsAllowed)
{
    add(0, 1s, 0s, {"a", 1}); // at offset 0
    add(0, 100s, 0s, {"b", 1});
    EXPECT_EQ(fire(30s).size(), 1U);
    EXPECT_EQ(state_.hold(0).offset, 0);
    EXPECT_EQ(fire(31s), told());
    EXPECT_EQ(state_.hold(0).offset, 1);
}

TEST_F(SlidingUpdates, ArePutTogetherFromAllPartitions)
{
    add(0, 1s, 0s, {"a", 1});
    add(1, 5s, 0s, {"a", 2});
    EXPECT_EQ(fire(10s).size(), 2U);
    add(1, 2s, 12s, {"a", 4});
    add(0, 3s, 12s, {"a", 8});
    EXPECT_EQ(fire(13s), (told{{emission::complete, 2s, {{"a", 5}}},
                             {emission::complete, 3s, {{"a", 13}}},
                             {emission::update, 5s, {{"a", 15}}}}));
}

} // namespace sliding_updates
