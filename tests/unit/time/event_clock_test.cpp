#include <corostream/time/event_clock.hpp>
#include <support/at.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

constexpr auto unknown = cs::time_point::min();

/// A clock with two seconds of disorder and partitions that are idle after five.
struct EventClock : testing::Test {
    cs::event_clock clock{2s, 5s};
    std::vector<cs::partition_standing> standings{{.partition = 0}, {.partition = 1}};

    /// A batch of `p` arrives.
    void read(cs::partition_id p, std::vector<cs::duration> times, cs::duration arrival = 0s)
    {
        clock.open(p, at(arrival));
        for (const auto t : times) clock.observe(at(t));
    }
    void prove(std::size_t p, cs::duration when) { standings[p].caught_up = at(when); }
    cs::time_point update(cs::duration now = 0s)
    {
        clock.update(standings, at(now));
        return clock.watermark();
    }
    cs::time_point proof_due(cs::duration now) const { return clock.proof_due(standings, at(now)); }
};

TEST_F(EventClock, OfAPartitionIsItsHighestTimeLessTheBound)
{
    EXPECT_EQ(clock.of(0), unknown);
    read(0, {10s});
    EXPECT_EQ(clock.at_hand(), at(8s));
    EXPECT_EQ(clock.of(0), at(8s));
    read(0, {7s, 12s, 11s});
    EXPECT_EQ(clock.at_hand(), at(10s));
    read(1, {-5s});
    EXPECT_EQ(clock.at_hand(), at(-7s));
    EXPECT_EQ(clock.of(0), at(10s));
    EXPECT_EQ(clock.of(1), at(-7s));
    EXPECT_EQ(clock.of(7), unknown);
}

TEST_F(EventClock, OfTheStreamIsTheLowestOfItsPartitions)
{
    EXPECT_EQ(clock.watermark(), unknown);
    read(0, {10s});
    EXPECT_EQ(update(), unknown); // nothing has come of the other
    read(1, {30s});
    EXPECT_EQ(update(), at(8s));
    read(0, {40s});
    EXPECT_EQ(update(), at(28s));
    EXPECT_EQ(update(), at(28s));
}

TEST_F(EventClock, StandsStillWhileNothingIsRead)
{
    read(0, {10s});
    read(1, {10s});
    update();
    standings.clear();
    EXPECT_EQ(update(), at(8s));
}

TEST_F(EventClock, GoesBackOnlyForAPartitionThatCameAndIsBehind)
{
    read(0, {10s});
    read(1, {10s});
    EXPECT_EQ(update(), at(8s));
    standings.push_back({.partition = 2});
    EXPECT_EQ(update(), unknown);
    read(2, {5s});
    EXPECT_EQ(update(), at(3s));
    read(2, {50s});
    EXPECT_EQ(update(), at(8s));
}

TEST_F(EventClock, LeavesOutPartitionsThatAreFinished)
{
    read(0, {10s});
    read(1, {30s});
    standings[0].finished = true;
    EXPECT_EQ(update(), at(28s));
    standings[1].finished = true;
    EXPECT_EQ(update(), at(28s)); // nothing more to go by
}

TEST_F(EventClock, TakesAPartitionAsIdleOnlyWithAProof)
{
    read(0, {10s}, 0s);
    read(1, {30s}, 20s);
    EXPECT_EQ(update(20s), at(8s)); // quiet, but perhaps not read to its end
    prove(0, 5s - 1us);             // too soon after its batch
    EXPECT_EQ(update(5s), at(8s));
    prove(0, 5s);
    EXPECT_EQ(update(5s), at(28s));
}

TEST_F(EventClock, NeedsNoSilenceToProveAPartitionEmptyOfWhichNothingEverCame)
{
    read(0, {10s}, 0s);
    prove(1, 0s);
    EXPECT_EQ(update(0s), at(8s));
}

TEST_F(EventClock, CountsTheSilenceFromWhenThePartitionWasOpened)
{
    read(0, {10s}, 3s);
    standings[1].since = at(3s);
    prove(1, 8s - 1us);
    EXPECT_EQ(update(8s), unknown);
    prove(1, 8s);
    EXPECT_EQ(update(8s), at(8s));
}

TEST_F(EventClock, LetsAProofExpire)
{
    read(0, {10s}, 0s);
    read(1, {30s}, 0s);
    prove(0, 5s);
    EXPECT_EQ(update(5s), at(28s));
    read(1, {60s}, 14s);
    EXPECT_EQ(update(15s - 1us), at(58s));
    read(1, {90s}, 15s);
    EXPECT_EQ(update(15s), at(58s)); // counts again, where it was taken along to
    prove(0, 15s);
    EXPECT_EQ(update(15s), at(88s));
}

TEST_F(EventClock, IsMovedBackByNoPartitionThatComesBack)
{
    read(0, {10s}, 0s);
    read(1, {30s}, 0s);
    prove(0, 5s);
    EXPECT_EQ(update(5s), at(28s));
    EXPECT_EQ(clock.of(0), at(28s)); // taken along
    read(0, {11s}, 6s);
    EXPECT_EQ(clock.at_hand(), at(28s)); // by which 11 s is judged
    EXPECT_EQ(update(6s), at(28s));
    read(0, {35s}, 7s);
    EXPECT_EQ(update(7s), at(28s));
    read(1, {50s}, 7s);
    EXPECT_EQ(update(7s), at(33s));
}

TEST_F(EventClock, FollowsTheWallClockWhileAllAreIdle)
{
    read(0, {10s}, 10s);
    read(1, {11s}, 11s);
    prove(0, 16s);
    EXPECT_EQ(update(16s), at(9s));
    prove(1, 17s);
    EXPECT_EQ(update(17s), at(9s)); // the older proof less both is 9 s
    prove(0, 30s);
    prove(1, 31s);
    EXPECT_EQ(update(31s), at(23s));
    EXPECT_EQ(update(60s), at(23s)); // without proofs it stands
    EXPECT_EQ(clock.of(0), at(23s));
}

TEST_F(EventClock, TellsOnceThatAPartitionWasRaisedWhileItWasIdle)
{
    read(0, {10s});
    read(1, {30s});
    update(1s);
    EXPECT_FALSE(clock.take_raised(0));
    prove(0, 6s);
    EXPECT_EQ(update(6s), at(28s));
    EXPECT_TRUE(clock.take_raised(0));
    EXPECT_FALSE(clock.take_raised(0));
    EXPECT_FALSE(clock.take_raised(1));
    update(6s); // to where it is
    EXPECT_FALSE(clock.take_raised(0));
}

TEST_F(EventClock, IsRaisedAgainAsBeforeARestart)
{
    clock.open(0, at(0s));
    clock.raise(at(20s));
    EXPECT_EQ(clock.at_hand(), at(20s));
    clock.observe(at(30s));
    clock.raise(at(20s));
    EXPECT_EQ(clock.at_hand(), at(28s));
}

TEST_F(EventClock, GoesAlongWithOthersWhileAllItsPartitionsAreIdle)
{
    read(0, {10s}, 10s);
    prove(0, 16s);
    prove(1, 16s);
    EXPECT_EQ(update(16s), at(9s));
    EXPECT_TRUE(clock.is_idle());
    clock.take_along(standings, at(16s), at(14s));
    EXPECT_EQ(clock.watermark(), at(14s));
    EXPECT_EQ(clock.of(0), at(14s));
    clock.want(at(15s));
    EXPECT_EQ(clock.proof_due(standings, at(16s)), at(21s)); // others wait for it
    EXPECT_EQ(update(17s), at(14s)); // nothing goes back
    EXPECT_EQ(clock.proof_due(standings, at(17s)), at(22s)); // by the wall clock alone
    read(0, {20s}, 18s);
    prove(1, 18s);
    EXPECT_EQ(update(18s), at(18s));
    EXPECT_FALSE(clock.is_idle());
}

TEST_F(EventClock, DoesNotFollowTheWallClockBackwards)
{
    read(0, {100s}, 0s);
    read(1, {100s}, 0s);
    EXPECT_EQ(update(0s), at(98s)); // far ahead of the clock
    prove(0, 5s);
    prove(1, 5s);
    EXPECT_EQ(update(5s), at(98s));
}

TEST_F(EventClock, IsNeverIdleIfNotAskedTo)
{
    cs::event_clock never_idle(2s, cs::duration::max());
    never_idle.open(1, at(0s));
    never_idle.observe(at(30s));
    prove(0, 5s);
    never_idle.update(standings, at(5s));
    EXPECT_EQ(never_idle.watermark(), unknown);
    never_idle.want(at(1s));
    EXPECT_EQ(never_idle.proof_due(standings, at(5s)), cs::never);
}

TEST_F(EventClock, IsNeverIdleAfterMoreThanAThousandYears)
{
    EXPECT_EQ(cs::event_clock(2s, std::chrono::years(1000)).idle_after(), std::chrono::years(1000));
    EXPECT_EQ(cs::event_clock(2s, std::chrono::years(200'000)).idle_after(), cs::duration::max());
}

TEST_F(EventClock, WantsAProofOfWhoKeepsAWindowOpen)
{
    read(0, {10s}, 3s);
    read(1, {30s}, 4s);
    update(4s);
    EXPECT_EQ(proof_due(4s), cs::never); // nobody waits
    clock.want(at(8s));
    EXPECT_EQ(proof_due(4s), cs::never); // it has come already
    clock.want(at(28s));
    EXPECT_EQ(proof_due(4s), at(8s)); // five after the batch of partition 0
    clock.want(at(29s));
    EXPECT_EQ(proof_due(4s), at(8s));
    standings[0].finished = true;
    EXPECT_EQ(proof_due(4s), at(9s));
    clock.want(cs::never);
    EXPECT_EQ(proof_due(4s), cs::never);
}

TEST_F(EventClock, WantsProofsRenewedBeforeTheyExpire)
{
    read(0, {10s}, 0s);
    read(1, {30s}, 4s);
    prove(0, 6s);
    clock.want(at(29s));
    update(6s);
    EXPECT_EQ(proof_due(6s), at(9s)); // partition 1 keeps it back
    prove(1, 9s);
    EXPECT_EQ(update(9s), at(28s));
    // all are idle: the clock has to come so far that it closes the window
    EXPECT_EQ(proof_due(9s), at(29s + 2s + 5s));
    prove(0, 36s);
    prove(1, 36s);
    EXPECT_EQ(update(36s), at(29s));
    EXPECT_EQ(proof_due(36s), cs::never);
}

TEST_F(EventClock, WantsNoProofForWhatIsTooFarAwayToBeTold)
{
    read(0, {10s}, 0s);
    read(1, {10s}, 0s);
    prove(0, 5s);
    prove(1, 5s);
    clock.want(cs::never - 1s);
    update(5s);
    EXPECT_EQ(proof_due(5s), cs::never);
}

TEST_F(EventClock, ResumesAPartitionWhereItWas)
{
    EXPECT_FALSE(clock.knows(0));
    clock.resume(0, at(20s));
    EXPECT_TRUE(clock.knows(0));
    EXPECT_EQ(clock.of(0), at(20s));
    read(1, {50s});
    EXPECT_EQ(update(), at(20s));
    read(0, {10s, 23s});
    EXPECT_EQ(clock.at_hand(), at(21s));
    clock.resume(0, at(5s)); // also the one at hand
    EXPECT_EQ(clock.at_hand(), at(5s));
    EXPECT_EQ(clock.of(0), at(5s));
}

TEST_F(EventClock, ForgetsAPartitionThatIsTakenAway)
{
    read(0, {10s});
    read(1, {50s});
    update();
    clock.revoke(0);
    clock.revoke(9); // never seen
    EXPECT_FALSE(clock.knows(0));
    EXPECT_TRUE(clock.knows(1));
    EXPECT_EQ(clock.of(0), unknown);
    standings.erase(standings.begin());
    EXPECT_EQ(update(), at(48s));
    clock.revoke(1); // the one at hand
    EXPECT_EQ(clock.of(1), unknown);
    read(1, {20s});
    EXPECT_EQ(clock.at_hand(), at(18s));
}

TEST_F(EventClock, TellsThePartitionsThatElementsHaveComeOf)
{
    read(3, {10s});
    read(1, {10s});
    standings.clear();
    clock.standings(standings);
    ASSERT_EQ(standings.size(), 2U);
    EXPECT_EQ(standings[0].partition, 1);
    EXPECT_EQ(standings[1].partition, 3);
}

} // namespace
