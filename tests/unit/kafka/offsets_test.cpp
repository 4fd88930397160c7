#include <corostream/kafka/offsets.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <random>

namespace {

using corostream::cursor;
using corostream::duration;
using corostream::partition_id;
using corostream::resume_point;
using corostream::time_point;
using corostream::timed_place;
using corostream::kafka::offsets;

/// A pump that read up to `next` of a partition, and the cursor taken after it.
cursor read_to(offsets& o, partition_id p, std::int64_t next)
{
    o.advance(p, 0, next);
    o.pumped();
    cursor c;
    o.snapshot(c);
    return c;
}

cursor pump_of_nothing(offsets& o)
{
    o.pumped();
    cursor c;
    o.snapshot(c);
    return c;
}

TEST(Offsets, CommitsWhatWasAcknowledgedOnce)
{
    offsets o;
    o.open(0);
    EXPECT_EQ(o.to_commit(0), -1);
    const auto c = read_to(o, 0, 10);
    EXPECT_EQ(o.position_of(0), 10);
    EXPECT_EQ(o.to_commit(0), -1);
    EXPECT_TRUE(o.in_flight(0));
    o.acknowledge(c);
    EXPECT_FALSE(o.in_flight(0));
    EXPECT_EQ(o.to_commit(0), 10);
    o.committed(0, 10);
    EXPECT_EQ(o.to_commit(0), -1);
}

TEST(Offsets, ACursorNeverMovesBack)
{
    offsets o;
    o.open(0);
    const auto first = read_to(o, 0, 10), second = read_to(o, 0, 20);
    o.acknowledge(second);
    o.acknowledge(first);
    EXPECT_EQ(o.to_commit(0), 20);
    o.committed(0, 20);
    o.committed(0, 10);
    EXPECT_EQ(o.to_commit(0), -1);
}

TEST(Offsets, APartitionThatWasNotReadIsInNoCursor)
{
    offsets o;
    o.open(0);
    o.open(3);
    const auto c = read_to(o, 3, 7);
    ASSERT_EQ(c.positions.size(), 1U);
    EXPECT_EQ(c.positions[0], (corostream::position{3, 7}));
    o.acknowledge(c);
    EXPECT_EQ(o.to_commit(0), -1);
    EXPECT_FALSE(o.any_in_flight());
}

TEST(Offsets, AnUnknownPartitionHasNothing)
{
    offsets o;
    for (partition_id p : {-1, 0, 5}) {
        EXPECT_FALSE(o.owned(p));
        EXPECT_FALSE(o.in_flight(p));
        EXPECT_EQ(o.position_of(p), -1);
        EXPECT_EQ(o.to_commit(p), -1);
    }
    o.committed(5, 3);
    o.give_up(5);
    o.close(5);
    EXPECT_FALSE(o.owned(5));
}

TEST(Offsets, AResultOfATimeoutIsInFlightTooSinceAWindowMayHaveHeldItsRecords)
{
    offsets o;
    o.open(0);
    o.acknowledge(read_to(o, 0, 10)); // its hold was applied elsewhere
    EXPECT_FALSE(o.in_flight(0));
    o.pumped(); // the window fires
    EXPECT_TRUE(o.in_flight(0));
    cursor c;
    o.snapshot(c);
    EXPECT_TRUE(o.in_flight(0));
    o.acknowledge(c);
    EXPECT_FALSE(o.in_flight(0));
}

TEST(Offsets, ACursorOlderThanTheOwnershipChangesNothing)
{
    offsets o;
    o.open(0);
    const auto stale = read_to(o, 0, 100);
    o.close(0);
    EXPECT_EQ(o.to_commit(0), -1);
    o.open(0); // the group gave it back, and somebody else had it in between
    o.acknowledge(stale);
    EXPECT_EQ(o.to_commit(0), -1);
    EXPECT_EQ(o.position_of(0), -1);
    o.acknowledge(read_to(o, 0, 60));
    EXPECT_EQ(o.to_commit(0), 60);
}

TEST(Offsets, APartitionThatIsGivenUpEntersNoNewCursorButOldOnesStillCount)
{
    offsets o;
    o.open(0);
    o.open(1);
    const auto before = read_to(o, 0, 10);
    o.give_up(0);
    EXPECT_TRUE(o.in_flight(0)) << "its results have not been acknowledged";
    const auto after = read_to(o, 1, 5);
    EXPECT_EQ(std::count_if(after.positions.begin(), after.positions.end(),
                  [](auto& p) { return p.partition == 0; }),
        0);
    o.acknowledge(before);
    EXPECT_FALSE(o.in_flight(0)) << "whatever goes on with the others";
    EXPECT_TRUE(o.in_flight(1));
    EXPECT_EQ(o.to_commit(0), 10);
}

TEST(Offsets, APartitionThatIsGivenUpWhileAPumpsResultsAreOnTheirWayEntersTheirCursor)
{
    offsets o;
    o.open(0);
    o.advance(0, 0, 10);
    o.pumped();
    o.give_up(0); // the sink is still busy with the pump's results
    EXPECT_TRUE(o.in_flight(0));
    cursor c;
    o.snapshot(c);
    ASSERT_EQ(c.positions.size(), 1U);
    EXPECT_TRUE(pump_of_nothing(o).positions.empty());
    EXPECT_TRUE(o.in_flight(0));
    o.acknowledge(c);
    EXPECT_FALSE(o.in_flight(0));
    EXPECT_EQ(o.to_commit(0), 10);
}

TEST(Offsets, WhatIsClaimedMayBeCommittedBeforeItIsProcessed)
{
    offsets o;
    o.open(0);
    o.claim(0, 10);
    EXPECT_EQ(o.to_commit(0), 10);
    o.committed(0, 10);
    EXPECT_EQ(o.to_commit(0), -1);
    o.claim(0, 20);
    o.disclaim(0); // it was not handed on
    EXPECT_EQ(o.to_commit(0), -1);
    o.claim(1, 5);
    EXPECT_EQ(o.to_commit(1), -1) << "nobody owns it";
}

TEST(Offsets, SayWhatIsHeldAndSinceWhen)
{
    using corostream::time_point;
    const time_point one{std::chrono::seconds(1)}, two{std::chrono::seconds(2)};
    offsets o;
    EXPECT_EQ(o.of(0).position, -1);
    o.open(0);
    EXPECT_EQ(o.of(0).held_since, std::nullopt);
    o.advance(0, 100, 110, one);
    o.advance(0, 110, 120, two);
    EXPECT_EQ(o.of(0).position, 120);
    EXPECT_EQ(o.of(0).cursor, 100) << "reading began there";
    EXPECT_EQ(o.of(0).held_since, one);
    cursor c;
    o.snapshot(c);
    c.positions[0].offset = 115; // a window holds the rest
    c.positions[0].window = one;
    o.acknowledge(c, two);
    EXPECT_EQ(o.of(0).cursor, 115);
    EXPECT_EQ(o.of(0).held_since, two);
    EXPECT_EQ(o.of(0).window, one);
    o.snapshot(c);
    c.positions[0] = {0, 115, two}; // one window has closed, the next holds as much
    o.acknowledge(c, two);
    EXPECT_EQ(o.of(0).window, two);
    o.snapshot(c);
    o.acknowledge(c, two);
    EXPECT_EQ(o.of(0).held_since, std::nullopt);
    EXPECT_EQ(o.of(0).window, std::nullopt);
    EXPECT_EQ(o.of(0).committed, -1);
}

/// Partitions come and go, batches are read, windows hold records, results are acknowledged late:
/// whatever happens, nothing is committed that is held or not acknowledged, and in the end all is.
TEST(Offsets, NeverCommitPastWhatIsHeldOrInFlight)
{
    struct record_state {
        bool acknowledged = false;
    };
    struct partition_state {
        std::int64_t read = 0;      // by this owner
        std::int64_t held = 0;      // first offset of the open window
        std::vector<record_state> records;
    };
    struct taken {
        cursor at;
        // epoch, and all before it is in results
        std::map<partition_id, std::pair<std::uint64_t, std::int64_t>> done;
    };
    constexpr int runs = 100'000, steps = 40, partitions = 3;
    for (int run = 0; run < runs; ++run) {
        std::mt19937 random(static_cast<unsigned>(run));
        auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
        offsets o;
        std::map<partition_id, partition_state> owned;
        std::map<partition_id, std::uint64_t> epoch;
        std::map<partition_id, std::int64_t> group; // what the group knows
        std::deque<taken> unacknowledged;
        std::map<partition_id, std::int64_t> acknowledged; // since it was opened

        auto snapshot = [&] {
            taken t;
            o.pumped();
            o.snapshot(t.at);
            for (auto& at : t.at.positions) {
                // what take_snapshot does
                at.offset = std::min(at.offset, owned.at(at.partition).held);
                t.done[at.partition] = {epoch[at.partition], at.offset};
            }
            unacknowledged.push_back(std::move(t));
        };
        auto acknowledge_one = [&] {
            if (unacknowledged.empty()) return;
            const auto t = std::move(unacknowledged.front());
            unacknowledged.pop_front();
            o.acknowledge(t.at);
            for (const auto& [p, d] : t.done)
                if (owned.count(p) && epoch[p] == d.first)
                    acknowledged[p] = std::max(acknowledged[p], d.second);
        };
        auto commit = [&](partition_id p) {
            const auto offset = o.to_commit(p);
            if (offset < 0) return;
            ASSERT_TRUE(owned.count(p)) << run;
            ASSERT_LE(offset, owned[p].held) << "past an open window, run " << run;
            ASSERT_LE(offset, acknowledged[p]) << "not acknowledged, run " << run;
            ASSERT_GE(offset, group[p]) << "moved back, run " << run;
            group[p] = offset;
            o.committed(p, offset);
        };
        for (int step = 0; step < steps; ++step) {
            const partition_id p = pick(partitions);
            const bool mine = owned.count(p) > 0;
            switch (pick(7)) {
            case 0:
                if (mine) break;
                o.open(p);
                ++epoch[p];
                owned[p] = {group[p], group[p], {}};
                acknowledged[p] = group[p];
                break;
            case 1: // taken away: in good order, or lost
                if (!mine) break;
                o.give_up(p);
                if (pick(2)) {
                    while (o.in_flight(p)) {
                        ASSERT_FALSE(unacknowledged.empty()) << run;
                        acknowledge_one();
                    }
                    commit(p);
                }
                o.close(p);
                owned.erase(p);
                break;
            case 2:
            case 3:
                if (!mine) break;
                owned[p].read += 1 + pick(5);
                o.advance(p, 0, owned[p].read);
                snapshot();
                break;
            case 4: // all windows fire
                for (auto& [q, state] : owned) state.held = state.read;
                snapshot();
                break;
            case 5: acknowledge_one(); break;
            default: commit(p);
            }
        }
        for (auto& [q, state] : owned) state.held = state.read;
        snapshot();
        while (!unacknowledged.empty()) acknowledge_one();
        for (const auto& [q, state] : owned) {
            ASSERT_FALSE(o.in_flight(q));
            commit(q);
            ASSERT_EQ(group[q], state.read)
                << "everything processed is committed in the end, run " << run;
        }
    }
}

TEST(Offsets, AreCommittedAgainWhenARestartThereHasToKnowSomethingElse)
{
    offsets o;
    const resume_point one{.emitted = time_point(std::chrono::seconds(1)), .seen = 5};
    o.open(0, 3);
    EXPECT_EQ(o.to_commit(0), -1); // the group knows that
    cursor c{.pump = 1, .positions = {{.partition = 0, .offset = 3, .resume = one}}};
    o.acknowledge(c);
    EXPECT_EQ(o.to_commit(0), 3);
    EXPECT_EQ(o.resume_to_commit(0), one);
    o.committed(0, 3, one);
    EXPECT_EQ(o.to_commit(0), -1);
    c.pump = 2;
    c.positions[0].resume.seen = 6;
    o.acknowledge(c);
    EXPECT_EQ(o.to_commit(0), 3);
}

TEST(Offsets, KeepWhereTimeWasRaisedUntilACursorHasPassedIt)
{
    using places = std::vector<timed_place>;
    const time_point time(duration(7));
    offsets o;
    o.open(0, 10, {.raised = {{9, time}, {12, time}}});
    EXPECT_EQ(o.resumed(0).raised, (places{{12, time}}));
    auto c = read_to(o, 0, 20);
    o.raise(0, time);
    o.raise(0, time + duration(1));
    EXPECT_EQ(o.resume_to_commit(0).raised, (places{{12, time}, {20, time + duration(1)}}));
    c.positions = {{.partition = 0, .offset = 13}};
    o.acknowledge(c);
    EXPECT_EQ(o.resume_to_commit(0).raised, (places{{20, time + duration(1)}}));
    o.raise(1, time); // is not ours
    o.open(1);
    o.raise(1, time);
    EXPECT_EQ(o.resume_to_commit(1).raised, (places{{0, time}}));
}

TEST(Offsets, KeepWhatWasRefusedUntilACursorHasPassedIt)
{
    using refused = std::vector<timed_place>;
    const time_point limit(duration(7));
    offsets o;
    o.open(0, 10, {.seen = 14, .refused = {{9, limit}, {12, limit}, {13, limit}}});
    EXPECT_EQ(o.resumed(0).refused, (refused{{12, limit}, {13, limit}}));
    o.refuse(0, {13, limit}); // read again
    o.refuse(0, {20, limit});
    cursor c{.pump = 1, .positions = {{.partition = 0, .offset = 13, .resume = {.seen = 21}}}};
    o.acknowledge(c);
    EXPECT_EQ(o.to_commit(0), 13);
    const resume_point both{.seen = 21, .refused = {{13, limit}, {20, limit}}};
    EXPECT_EQ(o.resume_to_commit(0), both);
    o.committed(0, 13, o.resume_to_commit(0));
    EXPECT_EQ(o.to_commit(0), -1);
    c = {.pump = 2, .positions = {{.partition = 0, .offset = 21, .resume = {.seen = 21}}}};
    o.acknowledge(c);
    EXPECT_EQ(o.resume_to_commit(0), resume_point{.seen = 21});
}

TEST(Offsets, ForgetCutsBeforeTheOffsetWhereReadingBegins)
{
    offsets o;
    o.open(0, 60, {.cuts = {{52}, {60}, {61, 2}}});
    EXPECT_EQ(o.resumed(0).cuts, (std::vector<corostream::log_place>{{60}, {61, 2}}));
}

TEST(Offsets, OfAPartitionWithoutRecordsAreWhereTheGroupLeftOff)
{
    offsets o;
    const resume_point known{.watermark = time_point(std::chrono::seconds(7))};
    o.open(0, 42, known);
    o.open(1);
    EXPECT_EQ(o.resumed(0), known);
    EXPECT_EQ(o.resumed(1), resume_point());
    cursor c;
    o.snapshot(c);
    ASSERT_EQ(c.positions.size(), 1U);
    EXPECT_EQ(c.positions[0].offset, 42);
    EXPECT_FALSE(o.in_flight(0));
}

} // namespace
