#include <corostream/kafka/rebalance.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <random>

namespace {

using namespace std::chrono_literals;
using corostream::time_point;
using corostream::kafka::rebalance;
using corostream::kafka::rebalance_kind;
using step = corostream::kafka::rebalance_step;

constexpr auto at(corostream::duration d) { return time_point(d); }

TEST(Rebalance, AnAssignmentIsPreparedThenAnswered)
{
    rebalance r(rebalance_kind::assign, at(10s));
    EXPECT_EQ(r.next(false, at(0s)), step::prepare);
    EXPECT_EQ(r.next(true, at(20s)), step::prepare)
        << "there is no deadline: without offsets nothing can be read";
    r.prepared();
    EXPECT_EQ(r.next(false, at(0s)), step::answer);
}

TEST(Rebalance, ARevocationDrainsCommitsAndIsAnswered)
{
    rebalance r(rebalance_kind::revoke, at(10s));
    EXPECT_EQ(r.next(true, at(0s)), step::drain);
    EXPECT_EQ(r.next(true, at(9s)), step::drain);
    EXPECT_EQ(r.next(false, at(9s)), step::commit);
    r.committed();
    EXPECT_EQ(r.next(false, at(9s)), step::answer);
    EXPECT_EQ(r.next(true, at(9s)), step::answer);
}

TEST(Rebalance, ARevocationThatTakesTooLongIsAnswered)
{
    rebalance r(rebalance_kind::revoke, at(10s));
    EXPECT_EQ(r.next(true, at(10s)), step::answer);
    EXPECT_EQ(r.next(false, at(11s)), step::answer) << "somebody else may own it by now";
}

TEST(Rebalance, ALossIsAnsweredAtOnceAndCommitsNothing)
{
    rebalance r(rebalance_kind::lost, at(10s));
    EXPECT_EQ(r.next(true, at(0s)), step::answer);
    EXPECT_EQ(r.next(false, at(0s)), step::answer);
}

TEST(Rebalance, APartitionCanBeLostWhileItIsDrained)
{
    rebalance r(rebalance_kind::revoke, at(10s));
    EXPECT_EQ(r.next(true, at(0s)), step::drain);
    r.lose();
    EXPECT_EQ(r.kind(), rebalance_kind::lost);
    EXPECT_EQ(r.next(false, at(1s)), step::answer);
    rebalance given(rebalance_kind::assign, at(10s));
    given.lose();
    EXPECT_EQ(given.kind(), rebalance_kind::assign) << "what is only just given cannot be lost";
}

/// Whatever the order of things: it ends, never commits with something in flight, after a loss or
/// past the deadline, and commits at most once.
TEST(Rebalance, AlwaysEndsAndNeverCommitsWrongly)
{
    for (unsigned seed = 0; seed < 100'000; ++seed) {
        std::mt19937 random(seed);
        rebalance r(static_cast<rebalance_kind>(random() % 3), at(50s));
        auto now = at(0s);
        bool in_flight = random() % 2, lost = r.kind() == rebalance_kind::lost;
        int commits = 0;
        for (int i = 0;; ++i) {
            ASSERT_LT(i, 200) << seed;
            const auto next = r.next(in_flight, now);
            if (next == step::answer) break;
            if (next == step::prepare) r.prepared();
            if (next == step::commit) {
                ASSERT_FALSE(in_flight || lost || now >= r.deadline()) << seed;
                ASSERT_EQ(++commits, 1) << seed;
                r.committed();
            }
            now += std::chrono::seconds(random() % 4);
            if (random() % 5 == 0) in_flight = false;
            if (random() % 20 == 0) {
                r.lose();
                lost = true;
            }
        }
    }
}

} // namespace
