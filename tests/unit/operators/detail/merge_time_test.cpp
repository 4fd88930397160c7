#include <corostream/operators/count.hpp>
#include <corostream/operators/map.hpp>
#include <corostream/operators/merge.hpp>
#include <corostream/operators/split.hpp>
#include <corostream/sinks/collect.hpp>
#include <corostream/sources/from_range.hpp>
#include <corostream/testing/recording_sink.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/event_time.hpp>
#include <corostream/time/time_counts.hpp>
#include <corostream/time/window.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

using cs::pumped;
using cs::testing::script;
using counted_window = cs::window_result<std::int64_t>;
using positions = std::vector<cs::position>;

/// "0:2 4:1": the begin of each window in seconds, and what it counted.
template <class Windows>
std::string text(const Windows& windows)
{
    std::string all;
    for (const counted_window& w : windows)
        all += (all.empty() ? "" : " ") + std::to_string(w.begin_time().time_since_epoch() / 1s)
             + ":" + std::to_string(w.value());
    return all;
}

/// A stream of counts that is pumped by hand.
template <class Pipeline>
class pumped_by_hand {
public:
    explicit pumped_by_hand(Pipeline p)
        : stage_(std::move(p).release())
    {
    }

    /// Pumps until nothing more comes by `until`; what came out so far.
    std::string to(virtual_run& run, cs::time_point until)
    {
        auto got = pumped::items;
        while (!cs::is_over(got) && (run.clock.now() < until || got != pumped::timeout))
            got = run.finish(stage_.pump(seen_.sink(), until));
        last_ = got;
        std::vector<counted_window> all;
        for (const auto* e : seen_.elements()) all.push_back(e->value);
        return text(all);
    }
    pumped last() const { return last_; }
    positions snapshot()
    {
        cs::cursor c;
        cs::take_snapshot(stage_, c);
        return c.positions;
    }

private:
    decltype(std::declval<Pipeline>().release()) stage_;
    cs::testing::recording<counted_window> seen_;
    pumped last_ = pumped::items;
};

constexpr auto windows = [] { return cs::window(4s) | cs::count(); };

TEST(MergeTime, BehindTheMergeGoesByAllPartitions)
{
    virtual_run run;
    script<int> a, b;
    a.timed(0, 0, {{1, 1s}, {2, 9s}}).wait_until(at(50s)).end();
    b.timed(0, 0, {{3, 2s}}).wait_until(at(10s)).timed(0, 1, {{4, 5s}}).wait_until(at(50s)).end();
    pumped_by_hand counts(
        cs::merge(a.stream(), b.stream()) | cs::event_time(1s) | windows());
    EXPECT_EQ(counts.to(run, at(9s)), "");
    EXPECT_EQ(counts.to(run, at(11s)), "0:2");
    EXPECT_EQ(counts.to(run, at(60s)), "0:2 4:1 8:1");
    EXPECT_EQ(counts.last(), pumped::end);
}

TEST(MergeTime, BehindTheMergeIsNotKeptBackByAnInputThatHasEnded)
{
    virtual_run run;
    script<int> a;
    a.timed(0, 0, {{1, 1s}}).wait_until(at(10s)).timed(0, 1, {{5, 9s}}).wait_until(at(50s)).end();
    const auto seconds = [](int v) { return at(v * 1s); };
    pumped_by_hand counts(cs::merge(a.stream(), cs::from_range(std::vector{2, 3}))
                          | cs::event_time(seconds, 1s) | windows());
    EXPECT_EQ(counts.to(run, at(9s)), "");
    EXPECT_EQ(counts.to(run, at(11s)), "0:3");
}

TEST(MergeTime, BehindTheMergeTakesNoPartitionForIdleOfWhichElementsAreBuffered)
{
    virtual_run run;
    script<int> a, b;
    a.timed(0, 0, {{1, 1s}}).wait_until(at(10s)).timed(0, 1, {{2, 2s}}).timed(0, 2, {{3, 3s}});
    a.caught_up(0).wait_until(at(100s)).end();
    b.timed(0, 0, {{4, 1s}}).wait_until(at(10s)).timed(0, 1, {{5, 30s}});
    b.wait_until(at(100s)).end();
    auto all = cs::merge(a.stream(), b.stream());
    auto stage = std::move(all).release();
    cs::testing::recording<int> seen;
    run.finish(stage.pump(seen.sink(), at(1s)));
    run.clock.advance_to(at(11s)); // both have brought more, which nobody has taken
    std::vector<cs::partition_standing> standings;
    stage.source().standings(standings);
    ASSERT_EQ(standings.size(), 2U);
    EXPECT_EQ(standings[0].partition, 0);
    EXPECT_EQ(standings[0].caught_up, cs::time_point::min());
    for (int i = 0; i < 6; ++i) run.finish(stage.pump(seen.sink(), at(11s)));
    standings.clear();
    stage.source().standings(standings);
    EXPECT_EQ(standings[0].caught_up, at(11s));
}

TEST(MergeTime, OfTheInputsIsTheLowestOfTheirs)
{
    virtual_run run;
    script<int> a, b;
    a.timed(0, 0, {{1, 1s}, {2, 6s}, {3, 9s}}).wait_until(at(50s)).end();
    b.timed(0, 0, {{4, 2s}, {5, 8s}}).wait_until(at(10s)).timed(0, 2, {{6, 9s}});
    b.wait_until(at(50s)).end();
    pumped_by_hand counts(
        cs::merge(a.stream() | cs::event_time(1s), b.stream() | cs::event_time(5s)) | windows());
    EXPECT_EQ(counts.to(run, at(9s)), ""); // b has come to 3 s
    EXPECT_EQ(counts.to(run, at(11s)), "0:2");
    EXPECT_EQ(counts.to(run, at(60s)), "0:2 4:1 8:3");
}

TEST(MergeTime, JudgesEachElementByTheWatermarkOfItsPartition)
{
    virtual_run run;
    script<int> a, b;
    a.timed(0, 0, {{1, 20s}, {2, 3s}}).end();         // the second one is late
    b.timed(0, 0, {{3, 2s}}).timed(0, 1, {{4, 3s}}).end(); // none of these
    cs::time_counts late;
    auto counts = cs::merge(a.stream() | cs::event_time(1s), b.stream() | cs::event_time(1s))
                | cs::window(4s).count(late) | cs::count() | cs::collect();
    EXPECT_EQ(text(run.finish(cs::run(counts))), "0:2 20:1");
    EXPECT_EQ(late.late, 1U);
}

// One all of whose partitions are idle goes along with the others; when all inputs are, they follow
// the clock, five seconds and the bound behind.
TEST(MergeTime, GoesOnWithAnIdleInput)
{
    virtual_run run;
    script<int> a, b;
    a.timed(0, 0, {{1, 1s}}).wait_until(at(2s)).timed(0, 1, {{2, 20s}});
    b.timed(0, 0, {{3, 1s}}).wait_until(at(7s)).caught_up(0);
    for (auto* input : {&a, &b})
        input->wait_until(at(30s)).caught_up(0).wait_until(at(100s)).end();
    pumped_by_hand counts(
        cs::merge(a.stream() | cs::event_time(1s), b.stream() | cs::event_time(1s)) | windows());
    EXPECT_EQ(counts.to(run, at(6s)), "");
    EXPECT_EQ(counts.to(run, at(8s)), "0:2"); // by the 19 s that a has come to
    EXPECT_EQ(counts.to(run, at(29s)), "0:2");
    EXPECT_EQ(counts.to(run, at(31s)), "0:2 20:1"); // 30 s less both is its end, 24 s
}

// A branch of a stream that is split goes along as well, alone: the other one waits.
TEST(MergeTime, GoesOnWithAnIdleBranch)
{
    virtual_run run;
    script<int> a, b;
    a.timed(0, 0, {{1, 1s}}).wait_until(at(2s)).timed(0, 1, {{2, 20s}});
    a.wait_until(at(100s)).end();
    b.timed(0, 0, {{3, 1s}, {4, 1s}});
    b.wait_until(at(7s)).caught_up(0);
    b.wait_until(at(9s)).timed(0, 2, {{5, 3s}, {6, 3s}, {7, 30s}, {8, 30s}});
    b.wait_until(at(100s)).end();
    auto branches
        = cs::split(b.stream() | cs::event_time(1s), [](int i) { return i % 2 == 1; });
    auto& [odd, even] = branches;
    cs::time_counts dropped, dropped_alone;
    pumped_by_hand counts(cs::merge(a.stream() | cs::event_time(1s), std::move(odd))
                          | cs::window(4s).count(dropped) | cs::count());
    pumped_by_hand alone(
        std::move(even) | cs::window(4s).count(dropped_alone) | cs::count());
    EXPECT_EQ(counts.to(run, at(6s)), "");
    EXPECT_EQ(counts.to(run, at(8s)), "0:2"); // by the 19 s that a has come to
    EXPECT_EQ(alone.to(run, at(8s)), "");
    EXPECT_EQ(counts.to(run, at(10s)), "0:2"); // 5 was late for it
    EXPECT_EQ(dropped.late, 1U);
    EXPECT_EQ(alone.to(run, at(10s)), "0:2"); // 6 was not
    EXPECT_EQ(dropped_alone.late, 0U);
    EXPECT_EQ(counts.to(run, at(101s)), "0:2 20:1 28:1");
    EXPECT_EQ(alone.to(run, at(101s)), "0:2 28:1");
}

TEST(MergeTime, LeavesAnInputOutThatHasEndedButNotOneThatWasStopped)
{
    for (const bool stopped : {false, true}) {
        virtual_run run;
        script<int> a, b;
        a.timed(0, 0, {{1, 1s}});
        if (stopped) a.stop();
        else a.end();
        b.timed(0, 0, {{2, 2s}, {3, 20s}}).wait_until(at(50s)).end();
        pumped_by_hand counts(
            cs::merge(a.stream() | cs::event_time(1s), b.stream() | cs::event_time(1s))
            | windows());
        EXPECT_EQ(counts.to(run, at(10s)), stopped ? "" : "0:2");
        EXPECT_EQ(counts.to(run, at(60s)), stopped ? "" : "0:2 20:1");
        EXPECT_EQ(counts.last(), stopped ? pumped::stop : pumped::end);
    }
}

TEST(MergeTime, ResumesEachPartitionWhereItWas)
{
    virtual_run run;
    script<int> a, b;
    a.timed(1, 10, {{1, 1s}, {2, 9s}, {3, 9s}}).wait_until(at(50s)).end();
    b.timed(0, 70, {{4, 2s}, {5, 6s}}).wait_until(at(50s)).end();
    b.resume(0, {.watermark = at(1s), .emitted = at(0s), .seen = 70});
    pumped_by_hand counts(
        cs::merge(a.stream() | cs::event_time(1s), b.stream() | cs::event_time(1s)) | windows());
    EXPECT_EQ(counts.to(run, at(9s)), "0:2");
    EXPECT_EQ(counts.snapshot(),
        (positions{
            {2, 11, at(8s), {.watermark = at(8s), .emitted = at(5s), .seen = 13}},
            {1, 71, at(4s), {.watermark = at(5s), .emitted = at(5s), .seen = 72}},
        }));
}

TEST(MergeTime, HasComeAsFarAsABatchWasHandedOver)
{
    virtual_run run;
    script<int> a, b;
    a.timed(0, 0, {{1, 10s}, {2, 30s}, {3, 20s}}).end();
    b.wait_until(at(1s)).end();
    auto stage = cs::merge(a.stream() | cs::event_time(0s), b.stream() | cs::event_time(0s))
                     .release();
    cs::testing::recording<int> seen(2);
    run.finish(stage.pump(seen.sink(), at(1s)));
    ASSERT_EQ(seen.elements().size(), 2U);
    EXPECT_EQ(stage.event_time().watermark_of(0), at(30s)); // as offset 2 is to be judged by
}

TEST(MergeTime, KeepsThePlaceOfWindowsAboveIt)
{
    virtual_run run;
    script<int> a, b;
    a.timed(0, 10, {{1, 1s}, {2, 9s}}).wait_until(at(50s)).end();
    b.timed(3, 70, {{4, 2s}, {5, 6s}}).wait_until(at(50s)).end();
    pumped_by_hand counts(cs::merge(a.stream() | cs::event_time(1s) | windows(),
        b.stream() | cs::event_time(1s) | windows()));
    EXPECT_EQ(counts.to(run, at(9s)), "0:1 0:1");
    EXPECT_EQ(counts.snapshot(),
        (positions{
            {0, 11, at(8s), {.watermark = at(8s), .emitted = at(8s), .seen = 12}},
            {7, 71, at(4s), {.watermark = at(5s), .emitted = at(5s), .seen = 72}},
        }));
}

TEST(MergeTime, OfResultsIsThatOfTheirWindows)
{
    virtual_run run;
    script<int> a, b;
    a.timed(0, 10, {{1, 1s}, {2, 5s}, {3, 9s}, {4, 21s}}).wait_until(at(50s)).end();
    b.timed(0, 70, {{5, 2s}, {6, 18s}}).wait_until(at(50s)).end();
    auto sums = cs::merge(a.stream() | cs::event_time(1s) | windows(),
                    b.stream() | cs::event_time(1s) | windows())
              | cs::window(8s) | cs::count();
    pumped_by_hand counts(std::move(sums));
    EXPECT_EQ(counts.to(run, at(9s)), "0:3 8:1"); // results of both, by the end of their windows
    EXPECT_EQ(counts.to(run, at(60s)), "0:3 8:1 16:2");
}

// However the records are spread over inputs and cut into batches, the results are the same.
TEST(MergeTime, ComesToTheSameResultsAsOneStream)
{
    for (unsigned seed = 0; seed < 300; ++seed) {
        std::mt19937 random(seed);
        auto up_to = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
        std::vector<std::vector<std::pair<int, cs::duration>>> partitions(4);
        for (auto& p : partitions)
            for (int i = 0, n = up_to(12); i < n; ++i)
                p.emplace_back(i, i * 2s + up_to(8) * 1s);
        auto play = [&](auto&& scripts) { // partition p of all is p / size of script p % size
            std::vector<std::size_t> at(partitions.size());
            for (bool left = true; left;) {
                left = false;
                for (std::size_t p = 0; p < partitions.size(); ++p) {
                    auto& all = partitions[p];
                    const auto n = std::min<std::size_t>(
                        static_cast<std::size_t>(up_to(4)), all.size() - at[p]);
                    left = left || at[p] + n < all.size();
                    if (n == 0) continue;
                    const auto from = all.begin() + static_cast<std::ptrdiff_t>(at[p]);
                    auto& to = *scripts[p % scripts.size()];
                    to.timed(static_cast<cs::partition_id>(p / scripts.size()),
                        static_cast<std::int64_t>(at[p]),
                        {from, from + static_cast<std::ptrdiff_t>(n)});
                    at[p] += n;
                }
            }
        };
        auto results = [&](auto stream, cs::time_counts& late) {
            virtual_run run;
            auto counts = std::move(stream) | cs::window(4s).count(late) | cs::count()
                        | cs::collect();
            return text(run.finish(cs::run(counts)));
        };
        script<int> one, a, b, c, d;
        play(std::vector{&one});
        play(std::vector{&a, &b});
        play(std::vector{&c, &d});
        cs::time_counts late_of_one, late_behind, late_of_inputs;
        const auto expected = results(one.stream() | cs::event_time(1s), late_of_one);
        EXPECT_EQ(
            results(cs::merge(a.stream(), b.stream()) | cs::event_time(1s), late_behind), expected)
            << seed;
        EXPECT_EQ(results(cs::merge(c.stream() | cs::event_time(1s),
                              d.stream() | cs::event_time(1s)),
                      late_of_inputs),
            expected)
            << seed;
        EXPECT_EQ(late_behind.late, late_of_one.late);
        EXPECT_EQ(late_of_inputs.late, late_of_one.late);
    }
}

} // namespace
