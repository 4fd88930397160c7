// Windows that slide with events, and that late ones change, as data: no clock, no loop.

#include "telling_again.hpp"

#include <corostream/time/detail/sliding_state.hpp>
#include <corostream/time/sliding.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace sliding_updates {

using telling_again::row;
using telling_again::windows;

/// The window that ends with a moment.
telling_again::window up_to(emission what, cs::duration moment, std::vector<row> rows)
{
    return {what, moment - 10s + 1us, moment + 1us, std::move(rows)};
}

/// Windows of ten seconds; events may be late by twenty.
class SlidingUpdates : public testing::Test {
protected:
    using state = cs::detail::sliding_state<cs::sliding, telling_again::summing, true>;
    telling_again::driver<state> events_{
        state(cs::sliding(10s), {.allowed = 20s}, telling_again::summing({}, {}))};
};

TEST_F(SlidingUpdates, TellEachWindowAgainThatSlidesOverALateEvent)
{
    events_.add(0, 1s, 0s, {"a", 1});
    events_.add(0, 5s, 0s, {"a", 2});
    events_.add(0, 5s, 0s, {"b", 8});
    events_.add(0, 14s, 0s, {"a", 4});
    EXPECT_EQ(events_.fire(15s).size(), 3U);
    EXPECT_EQ(events_.add(0, 3s, 20s, {"a", 16}), verdict::counted);
    EXPECT_EQ(events_.fire(20s), windows());
    EXPECT_EQ(events_.fire(21s), (windows{up_to(emission::complete, 3s, {{"a", 17}}),
                                     up_to(emission::update, 5s, {{"a", 19}})}));
    EXPECT_EQ(events_.fire(40s), windows());
}

TEST_F(SlidingUpdates, GoOnWhereTheSinkWantedNoMore)
{
    events_.add(0, 1s, 0s, {"a", 1});
    events_.add(0, 2s, 0s, {"a", 2});
    EXPECT_EQ(events_.fire(10s).size(), 2U);
    events_.add(0, 1s, 12s, {"a", 4});
    EXPECT_EQ(events_.fire(13s, 1), (windows{up_to(emission::update, 1s, {{"a", 5}})}));
    EXPECT_EQ(events_->next_end(), at(2s + 1us));
    EXPECT_EQ(events_.fire(13s, 1), (windows{up_to(emission::update, 2s, {{"a", 7}})}));
    EXPECT_EQ(events_->next_end(), cs::never);
}

/// It is too late for the first of the windows, not for those that follow.
TEST_F(SlidingUpdates, LeaveOutWhatIsLaterThanAllowed)
{
    events_.add(0, 1s, 0s, {"a", 1});
    events_.add(0, 8s, 0s, {"a", 2});
    EXPECT_EQ(events_.fire(10s).size(), 2U);
    EXPECT_EQ(events_.add(0, 1s, 25s, {"a", 4}), verdict::counted);
    EXPECT_EQ(events_.fire(26s), (windows{up_to(emission::update, 8s, {{"a", 7}})}));
    EXPECT_EQ(events_.add(0, 1s, 31s, {"a", 8}), verdict::late);
}

TEST_F(SlidingUpdates, KeepEventsAsLongAsALateOneIsAllowed)
{
    events_.add(0, 1s, 0s, {"a", 1}); // at offset 0
    events_.add(0, 100s, 0s, {"b", 1});
    EXPECT_EQ(events_.fire(30s).size(), 1U);
    EXPECT_EQ(events_->hold(0).offset, 0);
    EXPECT_EQ(events_.fire(31s), windows());
    EXPECT_EQ(events_->hold(0).offset, 1);
}

TEST_F(SlidingUpdates, ArePutTogetherFromAllPartitions)
{
    events_.add(0, 1s, 0s, {"a", 1});
    events_.add(1, 5s, 0s, {"a", 2});
    EXPECT_EQ(events_.fire(10s).size(), 2U);
    events_.add(1, 2s, 12s, {"a", 4});
    events_.add(0, 3s, 12s, {"a", 8});
    EXPECT_EQ(events_.fire(13s), (windows{up_to(emission::complete, 2s, {{"a", 5}}),
                                     up_to(emission::complete, 3s, {{"a", 13}}),
                                     up_to(emission::update, 5s, {{"a", 15}})}));
}

} // namespace sliding_updates
