#include <corostream/operators/count.hpp>
#include <corostream/operators/count_by.hpp>
#include <corostream/operators/map.hpp>
#include <corostream/operators/merge.hpp>
#include <corostream/operators/split.hpp>
#include <corostream/operators/take.hpp>
#include <corostream/operators/tap.hpp>
#include <corostream/sinks/collect.hpp>
#include <corostream/sinks/fold.hpp>
#include <corostream/sinks/for_each.hpp>
#include <corostream/sources/from_range.hpp>
#include <corostream/testing/recording_sink.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/elements.hpp>
#include <corostream/time/event_time.hpp>
#include <corostream/time/window.hpp>
#include <support/counted.hpp>
#include <support/read_some.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using cs::pumped;
using cs::testing::recording;
using cs::testing::script;
using ints = std::vector<int>;
using positions = std::vector<cs::position>;

constexpr auto is_odd = [](int v) { return v % 2 != 0; };

template <class Task>
void finish(virtual_run& run, const Task& t)
{
    for (int i = 0; i < 100'000 && !t->done(); ++i) run.step();
    ASSERT_TRUE(t->done());
}

/// A branch that is pumped by hand.
template <class Pipeline>
struct by_hand {
    explicit by_hand(Pipeline p)
        : stage(std::move(p).release())
    {
    }
    pumped pump(virtual_run& run, cs::time_point until = cs::never)
    {
        return run.finish(stage.pump(seen.sink(), until));
    }
    /// Without what only a restart has to know.
    positions snapshot()
    {
        cs::take_snapshot(stage, cursor);
        auto all = cursor.positions;
        for (auto& at : all) at.resume = {};
        return all;
    }
    void acknowledge() { stage.source().acknowledge(cursor); }
    ints values() const
    {
        ints all;
        for (const auto* e : seen.elements()) all.push_back(e->value);
        return all;
    }

    decltype(std::declval<Pipeline>().release()) stage;
    recording<int> seen;
    cs::cursor cursor;
};

TEST(Split, SendsEachElementToTheBranchOfTheFirstPredicateThatIsTrue)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 0, {1, 2, 3, 4, 5, 6}).batch(0, 6, {7, 8, 9, 10}).end();
    auto [threes, odd, rest]
        = cs::split(input.stream(), [](int v) { return v % 3 == 0; }, is_odd);
    auto a = std::move(threes) | cs::collect();
    auto b = std::move(odd) | cs::collect();
    auto c = std::move(rest) | cs::collect();
    auto of_a = run.start(cs::run(a)), of_b = run.start(cs::run(b)), of_c = run.start(cs::run(c));
    run.clock.settle();
    EXPECT_EQ(result_of(of_a), (ints{3, 6, 9}));
    EXPECT_EQ(result_of(of_b), (ints{1, 5, 7}));
    EXPECT_EQ(result_of(of_c), (ints{2, 4, 8, 10}));
    EXPECT_EQ(input.acknowledged()->offset(0), 10);
}

TEST(Split, MovesItsElements)
{
    counted::copies = 0;
    {
        virtual_run run;
        script<move_only> input;
        std::vector<move_only> some;
        for (int i = 1; i <= 4; ++i) some.emplace_back(i);
        input.batch(0, 0, std::move(some)).end();
        auto [odd, even] = cs::split(
            input.stream(), [](const move_only& v) { return v.number() % 2 != 0; });
        auto number = cs::map([](move_only v) { return v.number(); });
        auto both = cs::merge(std::move(odd) | number, std::move(even) | number) | cs::collect();
        EXPECT_EQ(run.finish(cs::run(both)), (ints{1, 3, 2, 4}));
    }
    EXPECT_EQ(counted::copies, 0);
    EXPECT_EQ(counted::alive, 0);
}

TEST(Split, MergedAgainHasAllElements)
{
    virtual_run run;
    ints numbers(100'000);
    std::iota(numbers.begin(), numbers.end(), 0);
    auto [odd, even] = cs::split(cs::from_range(numbers), is_odd);
    auto sum = cs::merge(std::move(odd), std::move(even))
             | cs::fold(std::int64_t{0}, [](std::int64_t s, int v) { return s + v; });
    EXPECT_EQ(run.finish(cs::run(sum)), 4'999'950'000);
}

TEST(Split, PassesBatchesAndPartitions)
{
    virtual_run run(at(5s));
    script<int> input;
    input.timed(3, 70, {{1, 3s}, {2, 4s}, {3, 5s}}).revoke(3).end();
    auto [odd, even] = cs::split(input.stream(), is_odd);
    by_hand a(std::move(odd)), b(std::move(even));
    EXPECT_EQ(a.pump(run), pumped::items);
    ASSERT_EQ(a.seen.events().size(), 4U);
    const auto begun = std::get<recording<int>::begun>(a.seen.events()[0]).info;
    EXPECT_EQ(begun.partition, 3);
    const auto last = std::get<recording<int>::pushed>(a.seen.events()[2]);
    EXPECT_EQ(last.at.offset, 72);
    EXPECT_EQ(last.at.time, at(5s));
    EXPECT_EQ(std::get<recording<int>::ended>(a.seen.events()[3]).info.next_offset, 73);
    EXPECT_EQ(b.pump(run), pumped::items);
    EXPECT_EQ(b.values(), (ints{2}));
    EXPECT_EQ(a.snapshot(), (positions{{3, 73}}));
    while (!cs::is_over(a.pump(run))) {}
    while (!cs::is_over(b.pump(run))) {}
    EXPECT_EQ(std::get<recording<int>::revoked>(a.seen.events().back()).partition, 3);
    EXPECT_EQ(std::get<recording<int>::revoked>(b.seen.events().back()).partition, 3);
    EXPECT_EQ(a.snapshot(), positions{});
}

TEST(Split, PassesARevokedPartitionOnWhileTheStreamWaits)
{
    virtual_run run;
    script<int> input;
    input.batch(1, 0, {1}).revoke(1).wait_until(at(1h)).end();
    auto [odd, even] = cs::split(input.stream(), is_odd);
    by_hand a(std::move(odd)), b(std::move(even));
    EXPECT_EQ(a.pump(run, at(1s)), pumped::items);
    EXPECT_EQ(a.snapshot(), (positions{{1, 1}}));
    EXPECT_EQ(a.pump(run, at(1s)), pumped::items);
    EXPECT_EQ(a.snapshot(), positions{}) << "what was dropped with it must not be acknowledged";
    EXPECT_EQ(a.pump(run, at(1s)), pumped::timeout);
}

TEST(Split, ReachesTheDeadlineOfEachBranch)
{
    virtual_run run;
    script<int> input;
    input.wait_until(at(10s)).batch(0, 0, {1, 2}).end();
    auto [odd, even] = cs::split(input.stream(), is_odd);
    by_hand a(std::move(odd)), b(std::move(even));
    EXPECT_EQ(a.pump(run, at(2s)), pumped::timeout);
    EXPECT_EQ(run.clock.now(), at(2s));
    EXPECT_EQ(b.pump(run, at(3s)), pumped::timeout);
    EXPECT_EQ(run.clock.now(), at(3s));
    EXPECT_EQ(a.pump(run), pumped::items);
    EXPECT_EQ(b.pump(run), pumped::items);
    EXPECT_EQ(a.values(), (ints{1}));
    EXPECT_EQ(b.values(), (ints{2}));
}

TEST(Split, WaitsForABranchWithTooMuchToRead)
{
    virtual_run run;
    script<int> input;
    for (std::int64_t i = 0; i < 20; ++i)
        input.batch(0, 1000 * i, ints(1000, i % 2 == 0 ? 2 : 1));
    int read = 0;
    auto [odd, even] = cs::split(input.stream() | cs::tap([&](int) { ++read; }), is_odd);
    auto count = std::move(odd) | cs::fold(0, [](int n, int) { return n + 1; });
    auto counting = run.start(cs::run(count));
    run.clock.settle();
    EXPECT_FALSE(counting->done());
    EXPECT_LE(read, 4 * 1024);
    by_hand b(std::move(even));
    while (!cs::is_over(b.pump(run))) {}
    run.clock.settle();
    EXPECT_EQ(result_of(counting), 10'000);
    EXPECT_EQ(b.values().size(), 10'000U);
}

TEST(Split, WaitsForNoBranchThatIsGone)
{
    virtual_run run;
    script<int> input;
    for (std::int64_t i = 0; i < 20; ++i)
        input.batch(0, 1000 * i, ints(1000, i % 2 == 0 ? 2 : 1));
    auto branches = cs::split(input.stream(), is_odd);
    auto count = std::move(branches[0]) | cs::fold(0, [](int n, int) { return n + 1; });
    auto counting = run.start(cs::run(count));
    run.clock.settle();
    EXPECT_FALSE(counting->done());
    {
        auto gone = std::move(branches[1]);
    }
    run.clock.settle();
    EXPECT_EQ(result_of(counting), 10'000);
    EXPECT_EQ(input.acknowledged()->offset(0), 20'000);
}

TEST(Split, EndsAndStopsInAllBranches)
{
    for (const auto outcome : {pumped::end, pumped::stop}) {
        virtual_run run;
        script<int> input;
        input.batch(0, 0, {1, 2, 3});
        if (outcome == pumped::end) input.end();
        else input.stop();
        auto [odd, even] = cs::split(input.stream(), is_odd);
        by_hand a(std::move(odd)), b(std::move(even));
        auto got = pumped::items;
        while (!cs::is_over(got)) got = a.pump(run);
        EXPECT_EQ(got, outcome);
        EXPECT_EQ(a.values(), (ints{1, 3}));
        for (got = pumped::items; !cs::is_over(got);) got = b.pump(run);
        EXPECT_EQ(got, outcome);
        EXPECT_EQ(b.values(), (ints{2}));
        EXPECT_EQ(a.pump(run), outcome);
        EXPECT_EQ(b.pump(run), outcome);
    }
}

TEST(Split, FailsInAllBranchesAfterWhatCameBefore)
{
    virtual_run run;
    script<int> input;
    input.batch(2, 7, {1, 2, 3, 4}).end();
    auto [odd, even] = cs::split(input.stream() | cs::tap([](int v) {
        if (v == 4) throw std::domain_error("boom");
    }),
        is_odd);
    auto a = std::move(odd), b = std::move(even);
    EXPECT_EQ(run.finish(a.next()), 1);
    EXPECT_EQ(run.finish(a.next()), 3);
    auto end_of = [&](auto& p) {
        try {
            run.finish(p.next());
        } catch (const cs::element_error& e) {
            return std::string(e.what());
        }
        return std::string("no error");
    };
    EXPECT_EQ(end_of(a), "script [2] at offset 10: boom");
    EXPECT_EQ(run.finish(b.next()), 2);
    EXPECT_EQ(end_of(b), "script [2] at offset 10: boom");
    EXPECT_EQ(run.finish(a.next()), std::nullopt);
    EXPECT_EQ(input.acknowledged()->offset(2), -1);
}

TEST(Split, NamesTheElementAtWhichABranchThrowsAndGoesOnInTheOthersWithoutAcknowledgingIt)
{
    virtual_run run;
    script<int> input;
    input.batch(2, 7, {1, 2}).batch(2, 9, {3, 4}).batch(2, 11, {5, 6}).end();
    auto branches = cs::split(input.stream(), is_odd);
    std::string error;
    {
        auto a = std::move(branches[0]) | cs::for_each([](int v) {
            if (v == 3) throw std::domain_error("boom");
        });
        auto b = std::move(branches[1]) | cs::collect();
        auto of_a = run.start(cs::run(a));
        auto of_b = run.start(cs::run(b));
        run.clock.settle();
        EXPECT_EQ(result_of(of_b), (ints{2, 4, 6}));
        ASSERT_TRUE(of_a->error);
        error = text_of(of_a->error);
    }
    EXPECT_EQ(error, "script [2] at offset 9: boom <- boom");
    EXPECT_EQ(input.acknowledged()->offset(2), 9);
}

template <class Branch>
asio::awaitable<void> read_to_boom(Branch branch)
{
    while (const auto v = co_await branch.next())
        if (*v == 3) throw std::domain_error("boom");
}

TEST(Split, AcknowledgesNothingOfABranchWhoseReaderThrows)
{
    virtual_run run;
    script<int> input;
    input.batch(2, 7, {1, 2}).batch(2, 9, {3, 4}).batch(2, 11, {5, 6}).end();
    auto branches = cs::split(input.stream(), is_odd);
    auto b = std::move(branches[1]) | cs::collect();
    auto of_a = run.start(read_to_boom(std::move(branches[0])));
    auto of_b = run.start(cs::run(b));
    run.clock.settle();
    EXPECT_EQ(text_of(of_a->error), "boom");
    EXPECT_EQ(result_of(of_b), (ints{2, 4, 6}));
    EXPECT_EQ(input.acknowledged()->offset(2), 9);
}

template <class Branch>
asio::awaitable<void> read_all(Branch branch, ints* into)
{
    while (const auto v = co_await branch.next()) into->push_back(*v);
}

TEST(Split, HoldsNothingForABranchThatNeedsNoMore)
{
    virtual_run run;
    script<int> input;
    input.batch(2, 7, {1, 2}).batch(2, 9, {3, 4}).batch(2, 11, {5, 6}).end();
    auto branches = cs::split(input.stream(), is_odd);
    auto b = std::move(branches[1]) | cs::collect();
    ints first;
    auto of_a = run.start(read_all(std::move(branches[0]) | cs::take(1), &first));
    auto of_b = run.start(cs::run(b));
    run.clock.settle();
    EXPECT_FALSE(of_a->error);
    EXPECT_EQ(first, ints{1});
    EXPECT_EQ(result_of(of_b), (ints{2, 4, 6}));
    EXPECT_EQ(input.acknowledged()->offset(2), 13);
}

// ---- acknowledgements

TEST(Split, AcknowledgesWhatAllBranchesHaveAcknowledged)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 10, {1, 2, 3}).batch(1, 70, {5}).batch(0, 13, {4}).wait_until(at(1h)).end();
    auto branches = cs::split(input.stream(), is_odd);
    {
        by_hand a(std::move(branches[0])), b(std::move(branches[1]));
        a.pump(run);
        EXPECT_EQ(a.snapshot(), (positions{{0, 13}}));
        a.acknowledge();
        EXPECT_EQ(input.acknowledged()->offset(0), -1); // 2 is not processed
        a.pump(run);
        EXPECT_EQ(a.snapshot(), (positions{{0, 13}, {1, 71}}));
        a.acknowledge();
        b.pump(run); // 2, which waited
        EXPECT_EQ(b.snapshot(), (positions{{0, 13}, {1, 71}}));
        b.acknowledge();
        EXPECT_EQ(input.acknowledged()->offset(0), 13);
        EXPECT_EQ(input.acknowledged()->offset(1), 71);
        b.pump(run); // 4
        EXPECT_EQ(b.snapshot(), (positions{{0, 14}, {1, 71}}));
        b.acknowledge();
        EXPECT_EQ(input.acknowledged()->offset(0), 13);
        // a branch that nothing comes for comes further all the same
        EXPECT_EQ(a.pump(run), pumped::items);
        EXPECT_EQ(a.snapshot(), (positions{{0, 14}, {1, 71}}));
        a.acknowledge();
        EXPECT_EQ(input.acknowledged()->offset(0), 14);
    }
}

TEST(Split, AcknowledgesNothingThatWaitsForABranch)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 10, {2, 1}).batch(0, 12, {3}).wait_until(at(1h)).end();
    auto [odd, even] = cs::split(input.stream(), is_odd);
    by_hand a(std::move(odd)), b(std::move(even));
    a.pump(run);
    a.pump(run);
    EXPECT_EQ(a.snapshot(), (positions{{0, 13}}));
    EXPECT_EQ(b.snapshot(), positions{});
    b.pump(run);
    EXPECT_EQ(b.snapshot(), (positions{{0, 13}}));
}

TEST(Split, AcknowledgesWhatABranchTookOfABatch)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 10, {1, 2, 3, 4, 5, 7, 9}).end();
    auto branches = cs::split(input.stream(), is_odd);
    auto two = std::move(branches[0]) | cs::take(2) | cs::collect();
    auto stays = by_hand(std::move(branches[1]));
    EXPECT_EQ(run.finish(cs::run(two)), (ints{1, 3}));
    stays.pump(run);
    stays.snapshot();
    stays.acknowledge();
    // the branch that took two is done and holds nothing back
    EXPECT_EQ(input.acknowledged()->offset(0), 17);
}

TEST(Split, HoldsForAWindowInOneBranch)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 10, {1, 2}).wait_until(at(1s)).batch(0, 12, {4}).wait_until(at(9s)).end();
    auto [odd, even] = cs::split(input.stream(), is_odd);
    auto a = std::move(odd) | cs::window(4s) | cs::count() | cs::collect();
    auto b = std::move(even) | cs::collect();
    auto of_a = run.start(cs::run(a));
    auto of_b = run.start(cs::run(b));
    run.clock.advance(2s);
    EXPECT_EQ(input.acknowledged()->offset(0), 10);
    run.clock.advance(3s);
    EXPECT_EQ(input.acknowledged()->offset(0), 13);
    run.clock.advance(1h);
    EXPECT_EQ(result_of(of_a).size(), 1U);
    EXPECT_EQ(result_of(of_b), (ints{2, 4}));
}

TEST(Split, KeepsForARestartWhereABranchWasCut)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 10, {1, 3, 2, 3}).wait_until(at(1s)).stop();
    auto [odd, even] = cs::split(input.stream(), is_odd);
    auto a = std::move(odd) | cs::window(cs::elements(2)) | cs::count_by(std::identity())
           | cs::collect();
    auto b = std::move(even) | cs::take(1) | cs::collect(); // done before the other
    auto of_a = run.start(cs::run(a));
    auto of_b = run.start(cs::run(b));
    run.clock.advance(1h);
    ASSERT_EQ(result_of(of_a).size(), 1U);
    EXPECT_EQ(result_of(of_b), ints{2});
    const auto last = input.acknowledged()->cursors.back().positions.at(0);
    EXPECT_EQ(last.offset, 10);
    const cs::resume_point of_a_window{.cuts = {{13}}};
    EXPECT_EQ(last.resume.branches, (std::vector<cs::branch_point>{{10, of_a_window}, {10}}));
    EXPECT_TRUE(last.resume.cuts.empty());
}

// ---- event time

template <class Counts>
std::string text_of_counts(const Counts& counts)
{
    std::string all;
    for (const auto& w : counts)
        all += std::to_string(w.begin_time().time_since_epoch() / 1s) + ":"
             + std::to_string(w.value()) + " ";
    return all;
}

TEST(Split, KeepsTheTimeOfTheStreamInEachBranch)
{
    virtual_run run;
    script<int> input;
    input.timed(0, 0, {{1, 1s}, {2, 2s}, {3, 6s}, {2, 3s}}) // none late: the watermark was at 5 s
        .timed(1, 0, {{1, 1s}})
        .wait_until(at(1s))
        .timed(1, 1, {{4, 20s}, {1, 2s}}) // 2 s is late
        .wait_until(at(50s))
        .end();
    auto [odd, even] = cs::split(input.stream() | cs::event_time(1s), is_odd);
    auto a = std::move(odd) | cs::window(4s) | cs::count() | cs::collect();
    auto b = std::move(even) | cs::window(4s) | cs::count() | cs::collect();
    auto of_a = run.start(cs::run(a));
    auto of_b = run.start(cs::run(b));
    run.clock.advance(1h);
    EXPECT_EQ(text_of_counts(result_of(of_a)), "0:2 4:1 ");
    EXPECT_EQ(text_of_counts(result_of(of_b)), "0:1 20:1 ");
}

TEST(Split, HasComeAsFarAsABranchTookOfABatch)
{
    virtual_run run;
    script<int> input;
    input.timed(0, 0, {{1, 10s}, {3, 30s}, {5, 20s}}).wait_until(at(1s)).end();
    auto [odd, even] = cs::split(input.stream() | cs::event_time(0s), is_odd);
    auto stage = std::move(odd).release();
    auto rest = std::move(even).release();
    cs::testing::recording<int> seen(2);
    run.finish(stage.pump(seen.sink(), at(1s)));
    ASSERT_EQ(seen.elements().size(), 2U);
    EXPECT_EQ(stage.event_time().watermark_of(0), at(30s)); // as offset 2 is to be judged by
}

TEST(Split, EmitsWindowsOfABranchThatNothingMoreComesFor)
{
    virtual_run run;
    script<int> input;
    input.timed(0, 0, {{1, 1s}}).wait_until(at(1s)).timed(0, 1, {{2, 20s}});
    input.wait_until(at(1h)).end();
    auto [odd, even] = cs::split(input.stream() | cs::event_time(1s), is_odd);
    auto a = std::move(odd) | cs::window(4s) | cs::count();
    auto b = std::move(even) | cs::collect();
    auto of_b = run.start(cs::run(b));
    EXPECT_EQ(run.finish(a.next())->value(), 1);
    EXPECT_EQ(run.clock.now(), at(1s));
    run.finish(a.next());
    run.clock.advance(2h);
    EXPECT_TRUE(of_b->done());
}

TEST(Split, TellsNoWatermarkBeforeTheElementsUpToIt)
{
    virtual_run run;
    script<int> input;
    input.timed(0, 0, {{1, 5s}}).timed(0, 1, {{2, 20s}}).timed(0, 2, {{3, 30s}});
    input.wait_until(at(1h)).end();
    auto [odd, even] = cs::split(input.stream() | cs::event_time(1s), is_odd);
    by_hand a(std::move(odd)), b(std::move(even));
    a.pump(run);
    EXPECT_EQ(a.stage.event_time().refresh(run.clock.now()), at(4s));
    a.pump(run);
    a.pump(run);
    EXPECT_EQ(a.stage.event_time().refresh(run.clock.now()), at(29s));
    EXPECT_EQ(a.stage.event_time().watermark_of(0), at(29s));
    EXPECT_EQ(b.stage.event_time().refresh(run.clock.now()), at(4s)); // 2 waits
    b.pump(run);
    EXPECT_EQ(b.stage.event_time().refresh(run.clock.now()), at(29s));
}

// ---- lifetimes

TEST(Split, GoesOnInTheOthersWhenABranchIsCancelledWhereverThatIs)
{
    for (int steps = 0, ended = 0; ended == 0; ++steps) {
        virtual_run run;
        script<int> input;
        input.batch(0, 0, {1, 2}).wait_until(at(1s)).batch(0, 2, {3, 4}).batch(0, 4, {5, 6}).end();
        auto branches = cs::split(input.stream(), is_odd);
        auto a = std::move(branches[0]) | cs::collect();
        auto b = std::move(branches[1]) | cs::collect();
        auto of_a = run.start(cs::run(a));
        auto of_b = run.start(cs::run(b));
        for (int i = 0; i < steps && !of_a->done(); ++i) run.step();
        ended = of_a->done();
        of_a->cancel.emit(asio::cancellation_type::terminal);
        finish(run, of_b);
        EXPECT_EQ(result_of(of_b), (ints{2, 4, 6})) << "after " << steps << " steps";
        EXPECT_TRUE(ended || is_aborted(of_a->error));
        EXPECT_TRUE(ended || input.acknowledged()->offset(0) < 6);
        ASSERT_LT(steps, 1000);
    }
}

TEST(Split, EndsTheStreamWhenAllBranchesAreCancelled)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 0, {1, 2}).wait_until(at(1h)).end();
    auto branches = cs::split(input.stream(), is_odd);
    auto a = std::move(branches[0]) | cs::collect();
    auto b = std::move(branches[1]) | cs::collect();
    auto of_a = run.start(cs::run(a));
    auto of_b = run.start(cs::run(b));
    run.clock.advance(1s);
    of_a->cancel.emit(asio::cancellation_type::terminal);
    of_b->cancel.emit(asio::cancellation_type::terminal);
    run.clock.settle();
    EXPECT_TRUE(is_aborted(of_a->error) && is_aborted(of_b->error));
    EXPECT_EQ(run.clock.waiting(), 0U);
}

TEST(Split, RunsNothingOfTheUsersOnceItIsGone)
{
    for (int count = 0; count < 6; ++count) {
        for (int later = 0; later < 12; ++later) {
            virtual_run run;
            {
                auto calls = std::make_unique<int>(0); // gone with the stream
                script<int> input;
                for (int i = 0; i < 20; ++i)
                    input.batch(0, std::int64_t{2} * i, {2 * i, 2 * i + 1});
                auto branches = cs::split(
                    input.stream() | cs::tap([c = calls.get()](int) { ++*c; }),
                    [c = calls.get()](int v) {
                        ++*c;
                        return v % 2 != 0;
                    });
                auto of_a = run.start(read_some(&branches[0], count));
                auto of_b = run.start(read_some(&branches[1], count));
                while (!of_a->done() || !of_b->done()) run.step();
                for (int i = 0; i < later; ++i) run.io.poll_one();
            }
            run.clock.advance(1h);
        }
    }
}

TEST(Split, OutlivesAMergeThatOneOfItsBranchesWentInto)
{
    virtual_run run;
    script<int> input, other;
    input.batch(0, 0, {1, 2}).wait_until(at(1s)).batch(0, 2, {3, 4}).end();
    other.wait_until(at(1h)).end();
    auto branches = cs::split(input.stream(), is_odd);
    {
        auto merged = cs::merge(std::move(branches[0]), other.stream());
        EXPECT_EQ(run.finish(merged.next()), 1);
    }
    auto b = std::move(branches[1]) | cs::collect();
    EXPECT_EQ(run.finish(cs::run(b)), (ints{2, 4}));
}

TEST(Split, OutlivesItsContext)
{
    for (int steps = 0; steps < 20; ++steps) {
        using branches = decltype(cs::split(script<int>().stream(), is_odd));
        std::unique_ptr<branches> both;
        virtual_run run;
        script<int> input;
        input.batch(0, 0, {1, 2}).wait_until(at(1s)).batch(0, 2, {3}).end();
        both = std::make_unique<branches>(cs::split(input.stream(), is_odd));
        run.start(read_some(&(*both)[0], 5));
        run.start(read_some(&(*both)[1], 5));
        for (int i = 0; i < steps; ++i) run.step();
    }
}

} // namespace
