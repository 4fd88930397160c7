// Sessions that late elements change, as data: no clock, no loop.

#include "telling_again.hpp"

#include <corostream/time/detail/session_state.hpp>
#include <corostream/time/session.hpp>

#include <gtest/gtest.h>

namespace session_updates {

using telling_again::windows;

/// Sessions with a gap of ten seconds; elements may be late by twenty.
class SessionUpdates : public testing::Test {
protected:
    using state = cs::detail::session_state<cs::session, telling_again::summing, true>;
    telling_again::driver<state> sessions_{
        state(cs::session(10s), {.allowed = 20s}, telling_again::summing({}, {}))};
};

TEST_F(SessionUpdates, TellASessionAgainWhoseBoundsStay)
{
    sessions_.add(0, 1s, 0s, {"a", 1});
    sessions_.add(0, 9s, 0s, {"a", 2});
    EXPECT_EQ(sessions_.fire(19s), (windows{{emission::complete, 1s, 19s, {{"a", 3}}}}));
    EXPECT_EQ(sessions_.add(0, 5s, 22s, {"a", 4}), verdict::counted);
    EXPECT_EQ(sessions_.fire(29s), windows()); // at the next multiple of the gap
    EXPECT_EQ(sessions_.fire(30s), (windows{{emission::update, 1s, 19s, {{"a", 7}}}}));
}

TEST_F(SessionUpdates, TakeSessionsBackThatBecomeOne)
{
    sessions_.add(0, 1s, 0s, {"a", 1});
    sessions_.add(0, 1s, 0s, {"b", 8});
    sessions_.add(0, 16s, 0s, {"a", 2});
    EXPECT_EQ(sessions_.fire(26s),
        (windows{{emission::complete, 1s, 11s, {{"a", 1}, {"b", 8}}},
            {emission::complete, 16s, 26s, {{"a", 2}}}}));
    EXPECT_EQ(sessions_.add(0, 8s, 27s, {"a", 4}), verdict::counted);
    EXPECT_EQ(sessions_.fire(30s),
        (windows{{emission::retracted, 1s, 11s, {{"a", 1}}},
            {emission::retracted, 16s, 26s, {{"a", 2}}},
            {emission::update, 1s, 26s, {{"a", 7}}}}));
}

TEST_F(SessionUpdates, TakeOneBackThatAnOpenOneReaches)
{
    sessions_.add(0, 1s, 0s, {"a", 1});
    EXPECT_EQ(sessions_.fire(11s), (windows{{emission::complete, 1s, 11s, {{"a", 1}}}}));
    EXPECT_EQ(sessions_.add(0, 8s, 12s, {"a", 2}), verdict::counted); // in time for [8, 18)
    EXPECT_EQ(sessions_.fire(18s),
        (windows{{emission::retracted, 1s, 11s, {{"a", 1}}},
            {emission::update, 1s, 18s, {{"a", 3}}}}));
}

TEST_F(SessionUpdates, TellALateOneThatFindsNoneAsASessionOfItsOwn)
{
    sessions_.add(0, 50s, 0s, {"a", 1});
    EXPECT_EQ(sessions_.add(0, 20s, 40s, {"a", 2}), verdict::counted);
    EXPECT_EQ(sessions_.fire(50s), (windows{{emission::complete, 20s, 30s, {{"a", 2}}}}));
}

TEST_F(SessionUpdates, LeaveOutWhatIsLaterThanAllowed)
{
    sessions_.add(0, 1s, 0s, {"a", 1});
    EXPECT_EQ(sessions_.fire(11s).size(), 1);
    EXPECT_EQ(sessions_.add(0, 1s, 31s, {"a", 2}), verdict::late);
    EXPECT_EQ(sessions_.fire(40s), windows());
}

TEST_F(SessionUpdates, KeepASessionAsLongAsALateOneIsAllowed)
{
    sessions_.add(0, 1s, 0s, {"a", 1}); // at offset 0
    sessions_.add(0, 100s, 0s, {"b", 1});
    EXPECT_EQ(sessions_.fire(11s).size(), 1);
    EXPECT_EQ(sessions_.fire(30s), windows());
    EXPECT_EQ(sessions_->hold(0).offset, 0);
    EXPECT_EQ(sessions_.fire(31s), windows());
    EXPECT_EQ(sessions_->hold(0).offset, 1);
}

/// The open one began before the first was out for good, and has it in the end.
TEST_F(SessionUpdates, KeepASessionThatAnOpenOneReaches)
{
    sessions_.add(0, 1s, 0s, {"a", 1});
    EXPECT_EQ(sessions_.fire(11s).size(), 1);
    sessions_.add(0, 8s, 12s, {"a", 2});
    for (auto now = 15s; now <= 60s; now += 5s) {
        sessions_.add(0, now, now - 5s, {"a", 1});
        EXPECT_EQ(sessions_.fire(now), windows());
    }
    EXPECT_EQ(sessions_->hold(0).offset, 0);
    EXPECT_EQ(sessions_.fire(70s),
        (windows{{emission::retracted, 1s, 11s, {{"a", 1}}},
            {emission::update, 1s, 70s, {{"a", 13}}}}));
    EXPECT_EQ(sessions_.fire(90s), windows());
    EXPECT_EQ(sessions_->hold(0).offset, cs::nothing_held);
}

TEST_F(SessionUpdates, AreOfThePartitionsThatAreStillOurs)
{
    sessions_.add(0, 1s, 0s, {"a", 1});
    sessions_.add(1, 5s, 0s, {"a", 2});
    EXPECT_EQ(sessions_.fire(15s), (windows{{emission::complete, 1s, 15s, {{"a", 3}}}}));
    sessions_->revoke(1);
    sessions_.add(0, 4s, 15s, {"a", 4});
    EXPECT_EQ(sessions_.fire(20s),
        (windows{{emission::retracted, 1s, 15s, {{"a", 1}}},
            {emission::update, 1s, 14s, {{"a", 5}}}}));
}

} // namespace session_updates
