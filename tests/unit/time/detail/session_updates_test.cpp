// Sessions that late elements change, as data: no clock, no loop.

#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/time/detail/session_state.hpp>
#include <corostream/time/session.hpp>
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
using cs::emission;
using cs::detail::verdict;

namespace session_updates {

using row = std::pair<std::string, int>;
using summing
    = cs::detail::keyed_reduction<row, std::string, int, cs::detail::as_pair, std::plus<>>;

struct told_session {
    emission what;
    cs::duration begin, end;
    std::vector<row> rows;

    friend bool operator==(const told_session&, const told_session&) = default;
    friend std::ostream& operator<<(std::ostream& out, const told_session& t)
    {
        out << static_cast<int>(t.what) << " [" << t.begin / 1s << ", " << t.end / 1s << ')';
        for (const auto& [key, sum] : t.rows) out << ' ' << key << '=' << sum;
        return out;
    }
};
using told_sessions = std::vector<told_session>;

/// Sessions with a gap of ten seconds; elements may be late by twenty.
class SessionUpdates : public testing::Test {
protected:
    verdict add(cs::partition_id p, cs::duration time, cs::duration watermark, row value)
    {
        if (!state_.owns(p)) state_.resume(p);
        state_.open(p);
        return state_.add({at(time), at(watermark), offset_++}, std::move(value));
    }

    told_sessions fire(cs::duration now)
    {
        told_sessions seen;
        state_.fire(at(now), [&](auto&& r) {
            seen.push_back({r.emission(), r.begin_time().time_since_epoch(),
                r.end_time().time_since_epoch(), {r.begin(), r.end()}});
            return true;
        });
        return seen;
    }

    cs::detail::session_state<cs::session, summing, true> state_{
        cs::session(10s), {.allowed = 20s}, summing({}, {})};
    std::int64_t offset_ = 0;
};

TEST_F(SessionUpdates, TellASessionAgainWhoseBoundsStay)
{
    add(0, 1s, 0s, {"a", 1});
    add(0, 9s, 0s, {"a", 2});
    EXPECT_EQ(fire(19s), (told_sessions{{emission::complete, 1s, 19s, {{"a", 3}}}}));
    EXPECT_EQ(add(0, 5s, 22s, {"a", 4}), verdict::counted);
    EXPECT_EQ(fire(29s), told_sessions()); // at the next multiple of the gap
    EXPECT_EQ(fire(30s), (told_sessions{{emission::update, 1s, 19s, {{"a", 7}}}}));
}

TEST_F(SessionUpdates, TakeSessionsBackThatBecomeOne)
{
    add(0, 1s, 0s, {"a", 1});
    add(0, 1s, 0s, {"b", 8});
    add(0, 16s, 0s, {"a", 2});
    EXPECT_EQ(fire(26s),
        (told_sessions{{emission::complete, 1s, 11s, {{"a", 1}, {"b", 8}}},
            {emission::complete, 16s, 26s, {{"a", 2}}}}));
    EXPECT_EQ(add(0, 8s, 27s, {"a", 4}), verdict::counted);
    EXPECT_EQ(fire(30s),
        (told_sessions{{emission::retracted, 1s, 11s, {{"a", 1}}},
            {emission::retracted, 16s, 26s, {{"a", 2}}},
            {emission::update, 1s, 26s, {{"a", 7}}}}));
}

TEST_F(SessionUpdates, TakeOneBackThatAnOpenOneReaches)
{
    add(0, 1s, 0s, {"a", 1});
    EXPECT_EQ(fire(11s), (told_sessions{{emission::complete, 1s, 11s, {{"a", 1}}}}));
    EXPECT_EQ(add(0, 8s, 12s, {"a", 2}), verdict::counted); // in time for [8, 18)
    EXPECT_EQ(fire(18s),
        (told_sessions{{emission::retracted, 1s, 11s, {{"a", 1}}},
            {emission::update, 1s, 18s, {{"a", 3}}}}));
}

TEST_F(SessionUpdates, TellALateOneThatFindsNoneAsASessionOfItsOwn)
{
    add(0, 50s, 0s, {"a", 1});
    EXPECT_EQ(add(0, 20s, 40s, {"a", 2}), verdict::counted);
    EXPECT_EQ(fire(50s), (told_sessions{{emission::complete, 20s, 30s, {{"a", 2}}}}));
}

TEST_F(SessionUpdates, LeaveOutWhatIsLaterThanAllowed)
{
    add(0, 1s, 0s, {"a", 1});
    EXPECT_EQ(fire(11s).size(), 1);
    EXPECT_EQ(add(0, 1s, 31s, {"a", 2}), verdict::late);
    EXPECT_EQ(fire(40s), told_sessions());
}

TEST_F(SessionUpdates, KeepASessionAsLongAsALateOneIsAllowed)
{
    add(0, 1s, 0s, {"a", 1}); // at offset 0
    add(0, 100s, 0s, {"b", 1});
    EXPECT_EQ(fire(11s).size(), 1);
    EXPECT_EQ(fire(30s), told_sessions());
    EXPECT_EQ(state_.hold(0).offset, 0);
    EXPECT_EQ(fire(31s), told_sessions());
    EXPECT_EQ(state_.hold(0).offset, 1);
}

/// The open one began before the first was out for good, and has it in the end.
TEST_F(SessionUpdates, KeepASessionThatAnOpenOneReaches)
{
    add(0, 1s, 0s, {"a", 1});
    EXPECT_EQ(fire(11s).size(), 1);
    add(0, 8s, 12s, {"a", 2});
    for (auto now = 15s; now <= 60s; now += 5s) {
        add(0, now, now - 5s, {"a", 1});
        EXPECT_EQ(fire(now), told_sessions());
    }
    EXPECT_EQ(state_.hold(0).offset, 0);
    EXPECT_EQ(fire(70s),
        (told_sessions{{emission::retracted, 1s, 11s, {{"a", 1}}},
            {emission::update, 1s, 70s, {{"a", 13}}}}));
    EXPECT_EQ(fire(90s), told_sessions());
    EXPECT_EQ(state_.hold(0).offset, cs::nothing_held);
}

TEST_F(SessionUpdates, AreOfThePartitionsThatAreStillOurs)
{
    add(0, 1s, 0s, {"a", 1});
    add(1, 5s, 0s, {"a", 2});
    EXPECT_EQ(fire(15s), (told_sessions{{emission::complete, 1s, 15s, {{"a", 3}}}}));
    state_.revoke(1);
    add(0, 4s, 15s, {"a", 4});
    EXPECT_EQ(fire(20s),
        (told_sessions{{emission::retracted, 1s, 15s, {{"a", 1}}},
            {emission::update, 1s, 14s, {{"a", 5}}}}));
}

} // namespace session_updates
