#include <corostream/operators/count.hpp>
#include <corostream/operators/filter.hpp>
#include <corostream/operators/map.hpp>
#include <corostream/operators/merge.hpp>
#include <corostream/operators/take.hpp>
#include <corostream/operators/tap.hpp>
#include <corostream/sinks/collect.hpp>
#include <corostream/sinks/fold.hpp>
#include <corostream/sinks/for_each.hpp>
#include <corostream/sources/from_range.hpp>
#include <corostream/sources/generate.hpp>
#include <corostream/testing/recording_sink.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/event_time.hpp>
#include <corostream/time/window.hpp>
#include <support/allocations.hpp>
#include <support/counted.hpp>
#include <support/log_source.hpp>
#include <support/read_some.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using cs::pumped;
using cs::testing::record;
using cs::testing::recording;
using cs::testing::script;
using ints = std::vector<int>;
using positions = std::vector<cs::position>;

/// A job's own values, for a test that reads them while it runs.
template <class Pipeline>
asio::awaitable<void> read_all(Pipeline* p, ints* into)
{
    while (auto v = co_await p->next()) into->push_back(*v);
}

template <class Value>
ints values_of(const recording<Value>& r)
{
    ints all;
    for (const auto* e : r.elements()) all.push_back(e->value);
    return all;
}

TEST(Merge, TakesItsInputsInTurnsEachInItsOrder)
{
    virtual_run run;
    script<int> a, b, c;
    a.batch(0, 0, {10, 11}).batch(0, 2, {12}).batch(0, 3, {13}).end();
    b.batch(0, 0, {20}).end();
    c.batch(0, 0, {30}).batch(0, 1, {31, 32}).end();
    auto all = cs::merge(a.stream(), b.stream(), c.stream()) | cs::collect();
    EXPECT_EQ(run.finish(cs::run(all)), (ints{10, 11, 20, 30, 12, 31, 32, 13}));
}

TEST(Merge, LetsAnInputThatIsWaitedForKeepNoOtherBack)
{
    virtual_run run;
    script<int> slow, fast;
    slow.wait_until(at(1h)).batch(0, 0, {1}).end();
    fast.batch(0, 0, {2}).wait_until(at(1s)).batch(0, 1, {3}).end();
    auto all = cs::merge(slow.stream(), fast.stream());
    EXPECT_EQ(run.finish(all.next()), 2);
    EXPECT_EQ(run.finish(all.next()), 3);
    EXPECT_EQ(run.clock.now(), at(1s));
    EXPECT_EQ(run.finish(all.next()), 1);
    EXPECT_EQ(run.clock.now(), at(1h));
    EXPECT_EQ(run.finish(all.next()), std::nullopt);
}

TEST(Merge, MovesItsElements)
{
    counted::copies = 0;
    {
        virtual_run run;
        script<move_only> a, b;
        std::vector<move_only> one, two;
        one.emplace_back(1);
        two.emplace_back(2);
        auto all = cs::merge(a.batch(0, 0, std::move(one)).stream(),
                       b.batch(0, 0, std::move(two)).stream())
                 | cs::map([](move_only v) { return v.number(); }) | cs::collect();
        EXPECT_EQ(run.finish(cs::run(all)), (ints{1, 2}));
    }
    EXPECT_EQ(counted::copies, 0);
    EXPECT_EQ(counted::alive, 0);
}

TEST(Merge, NumbersThePartitionsAnewAndLeavesOffsetsAndTimesAlone)
{
    virtual_run run(at(5s));
    script<int> a, b;
    a.timed(1, 70, {{1, 3s}}).revoke(1).end();
    b.batch(2, 80, {2, 3}).revoke(2).end();
    recording<int> seen;
    auto all = cs::merge(a.stream(), b.stream()) | record(seen);
    run.finish(cs::run(all));
    ASSERT_EQ(seen.events().size(), 9U);
    const auto begun = std::get<recording<int>::begun>(seen.events()[0]).info;
    EXPECT_EQ(begun.partition, 2);
    EXPECT_EQ(begun.arrival, at(5s));
    const auto first = std::get<recording<int>::pushed>(seen.events()[1]).at;
    EXPECT_EQ(first.offset, 70);
    EXPECT_EQ(first.time, at(3s));
    const auto ended = std::get<recording<int>::ended>(seen.events()[2]).info;
    EXPECT_EQ(ended.partition, 2);
    EXPECT_EQ(ended.next_offset, 71);
    EXPECT_EQ(std::get<recording<int>::begun>(seen.events()[3]).info.partition, 5);
    EXPECT_EQ(std::get<recording<int>::pushed>(seen.events()[5]).at.offset, 81);
    EXPECT_EQ(std::get<recording<int>::ended>(seen.events()[6]).info.next_offset, 82);
    EXPECT_EQ(std::get<recording<int>::revoked>(seen.events()[7]).partition, 2);
    EXPECT_EQ(std::get<recording<int>::revoked>(seen.events()[8]).partition, 5);
}

TEST(Merge, ReadsEachInputAtMostOnePumpAhead)
{
    virtual_run run;
    script<int> a, b;
    for (int i = 0; i < 5; ++i) a.batch(0, i, {i});
    b.wait_until(at(1h)).end();
    int read = 0;
    auto all = cs::merge(a.stream() | cs::tap([&](int) { ++read; }), b.stream());
    for (int taken = 1; taken <= 4; ++taken) {
        EXPECT_EQ(run.finish(all.next()), taken - 1);
        run.clock.settle();
        EXPECT_EQ(read, taken + 1);
    }
}

TEST(Merge, BoundsWhatIsBufferedWhateverAPumpBrings)
{
    virtual_run run;
    script<int> a;
    a.batch(0, 0, ints(5000, 7)).end();
    int read = 0;
    auto all = cs::merge(a.stream() | cs::tap([&](int) { ++read; }));
    run.finish(all.next());
    run.clock.settle();
    EXPECT_LE(read, 2048);
    int rest = 0;
    while (run.finish(all.next())) ++rest;
    EXPECT_EQ(rest, 4999);
}

TEST(Merge, EndsWhenAllInputsHaveEndedAndStaysSo)
{
    virtual_run run;
    auto stage = cs::merge(cs::from_range(ints{1, 2, 3}), cs::from_range(ints{}),
        cs::from_range(ints{4}))
                     .release();
    recording<int> seen;
    auto got = pumped::items;
    while (!cs::is_over(got)) got = run.finish(stage.pump(seen.sink(), cs::never));
    EXPECT_EQ(got, pumped::end);
    EXPECT_EQ(values_of(seen), (ints{1, 2, 3, 4}));
    EXPECT_EQ(run.finish(stage.pump(seen.sink(), cs::never)), pumped::end);
}

TEST(Merge, EndsAsAStopIfOneInputWasStopped)
{
    virtual_run run;
    script<int> a, b;
    a.batch(0, 0, {1}).stop();
    b.wait_until(at(1s)).batch(0, 0, {2}).end();
    auto stage = cs::merge(a.stream(), b.stream()).release();
    recording<int> seen;
    auto got = pumped::items;
    while (!cs::is_over(got)) got = run.finish(stage.pump(seen.sink(), cs::never));
    EXPECT_EQ(got, pumped::stop);
    EXPECT_EQ(values_of(seen), (ints{1, 2}));
    EXPECT_EQ(run.finish(stage.pump(seen.sink(), cs::never)), pumped::stop);
}

TEST(Merge, EndsOnceWithTheErrorOfAnInputAfterWhatItBroughtAndCancelsTheOthers)
{
    virtual_run run;
    script<int> a, b;
    a.batch(0, 0, {1, 2, 3}).end();
    b.wait_until(at(1h)).fail(std::make_exception_ptr(std::logic_error("was not cancelled")));
    auto all = cs::merge(a.stream() | cs::tap([](int v) {
        if (v == 3) throw std::domain_error("boom");
    }),
        b.stream());
    EXPECT_EQ(run.finish(all.next()), 1);
    EXPECT_EQ(run.finish(all.next()), 2);
    EXPECT_EQ(run.clock.waiting(), 0U) << "the other one still waits";
    std::string error;
    try {
        run.finish(all.next());
    } catch (const cs::element_error& e) {
        error = e.what();
    }
    EXPECT_EQ(error, "script [0] at offset 2: boom");
    EXPECT_EQ(run.finish(all.next()), std::nullopt);
    EXPECT_EQ(a.acknowledged()->offset(0), -1);
    EXPECT_LT(run.clock.now(), at(1h));
}

TEST(Merge, NamesTheElementAtWhichUserCodeBelowItThrowsAsItsSourceDoes)
{
    for (const bool scripted : {true, false}) {
        virtual_run run;
        script<int> a, b;
        a.wait_until(at(1h)).end();
        b.batch(3, 7, {1, 2}).end();
        int bomb = scripted ? 2 : 5;
        auto all = cs::merge(a.stream(), b.stream(), cs::from_range(ints{4, 5}))
                 | cs::for_each([&](int v) {
                       if (v == bomb) throw std::domain_error("boom");
                   });
        std::string error;
        try {
            run.finish(cs::run(all));
        } catch (const cs::element_error& e) {
            error = e.what();
        }
        EXPECT_EQ(error, scripted ? "script [3] at offset 8: boom"
                                  : "from_range [0] at offset 1: boom");
    }
}

TEST(Merge, EndsAtTheDeadlineWithoutLosingAnything)
{
    virtual_run run;
    script<int> a, b;
    a.wait_until(at(10s)).batch(0, 0, {1}).end();
    b.wait_until(at(20s)).batch(0, 0, {2}).end();
    auto stage = cs::merge(a.stream(), b.stream()).release();
    recording<int> seen;
    for (const auto deadline : {at(3s), at(3s), at(9s)}) {
        EXPECT_EQ(run.finish(stage.pump(seen.sink(), deadline)), pumped::timeout);
        EXPECT_EQ(run.clock.now(), deadline);
    }
    auto got = pumped::items;
    while (!cs::is_over(got)) got = run.finish(stage.pump(seen.sink(), cs::never));
    EXPECT_EQ(values_of(seen), (ints{1, 2}));
}

// ---- acknowledgements

TEST(Merge, AcknowledgesEachInputWhatWasHandedOnAndNothingThatIsBuffered)
{
    virtual_run run;
    script<int> a, b;
    a.batch(1, 10, {1}).batch(1, 11, {2}).batch(1, 12, {3}).end();
    b.batch(0, 50, {7}).end();
    auto all = cs::merge(a.stream(), b.stream());
    std::vector<std::pair<std::int64_t, std::int64_t>> acknowledged;
    while (run.finish(all.next())) {
        run.clock.settle(); // the inputs are a pump ahead
        acknowledged.emplace_back(a.acknowledged()->offset(1), b.acknowledged()->offset(0));
    }
    // asking for the next acknowledges those before it
    EXPECT_EQ(acknowledged, (decltype(acknowledged){{-1, -1}, {11, -1}, {11, 51}, {12, 51}}));
    EXPECT_EQ(a.acknowledged()->offset(1), 13);
    EXPECT_EQ(b.acknowledged()->offset(0), 51);
}

TEST(Merge, AcknowledgesNothingBeyondTheLastOneTaken)
{
    virtual_run run;
    script<int> a, b;
    a.batch(2, 10, {1, 2, 3, 4, 5});
    b.batch(0, 50, {7, 8}).end();
    auto odd = cs::merge(a.stream(), b.stream()) | cs::filter([](int v) { return v % 2 != 0; })
             | cs::take(2) | cs::collect();
    EXPECT_EQ(run.finish(cs::run(odd)), (ints{1, 3}));
    EXPECT_EQ(a.acknowledged()->offset(2), 13);
    EXPECT_EQ(b.acknowledged()->offset(0), -1);
}

TEST(Merge, GoesOnWithABatchWhereNoMoreWasWanted)
{
    virtual_run run;
    script<int> a;
    a.batch(0, 10, {1, 2, 3, 4, 5}).end();
    auto stage = cs::merge(a.stream()).release();
    recording<int> seen(2);
    cs::cursor cursor;
    std::vector<std::int64_t> offsets;
    for (auto got = pumped::items; !cs::is_over(got);) {
        got = run.finish(stage.pump(seen.sink(), cs::never));
        cs::take_snapshot(stage, cursor);
        offsets.push_back(cursor.positions.at(0).offset);
    }
    EXPECT_EQ(values_of(seen), (ints{1, 2, 3, 4, 5}));
    EXPECT_EQ(offsets, (std::vector<std::int64_t>{12, 14, 15, 15}));
    std::vector<std::int64_t> ends;
    for (const auto& e : seen.events())
        if (auto* end = std::get_if<recording<int>::ended>(&e))
            ends.push_back(end->info.next_offset);
    EXPECT_EQ(ends, (std::vector<std::int64_t>{12, 14, 15}));
}

TEST(Merge, HoldsForAWindowBelowItPerPartition)
{
    virtual_run run;
    script<int> a, b;
    a.batch(0, 10, {1, 2}).wait_until(at(5s)).batch(0, 12, {3}).wait_until(at(20s)).end();
    b.wait_until(at(1s)).batch(1, 70, {4}).wait_until(at(20s)).end();
    auto stage = (cs::merge(a.stream(), b.stream()) | cs::window(4s) | cs::count()).release();
    cs::testing::recording<cs::window_result<std::int64_t>> seen;
    auto pumped_to = [&](cs::time_point until) {
        while (run.clock.now() < until) run.finish(stage.pump(seen.sink(), until));
        cs::cursor c;
        cs::take_snapshot(stage, c);
        return c.positions;
    };
    EXPECT_EQ(pumped_to(at(2s)), (positions{{0, 10, at(0s)}, {3, 70, at(0s)}}));
    EXPECT_EQ(pumped_to(at(4500ms)), (positions{{0, 12}, {3, 71}}));
    EXPECT_EQ(pumped_to(at(6s)), (positions{{0, 12, at(4s)}, {3, 71}}));
    EXPECT_EQ(seen.elements().size(), 1U);
}

TEST(Merge, HoldsForAWindowAboveItPerInput)
{
    virtual_run run;
    script<int> a, b;
    a.batch(3, 10, {1, 2}).wait_until(at(9s)).end();
    b.batch(0, 70, {4}).wait_until(at(9s)).end();
    auto stage = cs::merge(a.stream() | cs::window(4s) | cs::count(),
        b.stream() | cs::window(6s) | cs::count())
                     .release();
    cs::testing::recording<cs::window_result<std::int64_t>> seen;
    cs::cursor c;
    auto pump = [&] {
        run.finish(stage.pump(seen.sink(), cs::never));
        cs::take_snapshot(stage, c);
        return c.positions;
    };
    EXPECT_EQ(pump(), (positions{{6, 10, at(0s)}}));
    EXPECT_EQ(pump(), (positions{{6, 10, at(0s)}, {1, 70, at(0s)}}));
    EXPECT_EQ(pump(), (positions{{6, 12}, {1, 70, at(0s)}}));
    EXPECT_EQ(pump(), (positions{{6, 12}, {1, 71}}));
    EXPECT_EQ(seen.elements().size(), 2U);
}

TEST(Merge, CountsOneWindowOnceHoweverLongABatchWaitedForItsTurn)
{
    virtual_run run;
    script<int> a, b;
    a.wait_until(at(3s)).batch(0, 0, {1}).wait_until(at(20s)).end();
    b.wait_until(at(3s)).batch(0, 0, {2}).wait_until(at(20s)).end();
    auto stage = (cs::merge(a.stream(), b.stream()) | cs::window(4s) | cs::count()).release();
    cs::testing::recording<cs::window_result<std::int64_t>> seen;
    run.finish(stage.pump(seen.sink(), at(3s)));
    run.clock.advance_to(at(6s)); // whoever reads the results was busy
    for (auto got = pumped::items; !cs::is_over(got);)
        got = run.finish(stage.pump(seen.sink(), cs::never));
    ints windows;
    for (const auto* e : seen.elements())
        windows.push_back(static_cast<int>(e->value.begin_time().time_since_epoch() / 1s));
    EXPECT_EQ(windows, (ints{4})) << "both came when the first window was over";
}

// ---- partitions that are taken away

TEST(Merge, PassesARevokedPartitionOnWhileItsInputWaits)
{
    virtual_run run;
    script<int> a, b;
    a.batch(1, 0, {1}).revoke(1).wait_until(at(1h)).end();
    b.wait_until(at(1h)).end();
    auto stage = cs::merge(a.stream(), b.stream()).release();
    recording<int> seen;
    EXPECT_EQ(run.finish(stage.pump(seen.sink(), at(1s))), pumped::items);
    EXPECT_EQ(run.finish(stage.pump(seen.sink(), at(1s))), pumped::timeout);
    ASSERT_EQ(seen.events().size(), 4U);
    EXPECT_EQ(std::get<recording<int>::revoked>(seen.events()[3]).partition, 2);
    cs::cursor c;
    cs::take_snapshot(stage, c);
    EXPECT_EQ(c.positions, positions{}) << "what was dropped with it must not be acknowledged";
}

TEST(Merge, PassesARevokedPartitionOnAfterWhatWasReadOfIt)
{
    virtual_run run;
    script<int> a;
    a.batch(1, 0, {1}).revoke(1).batch(1, 0, {1}).wait_until(at(5s)).end();
    auto counts = cs::merge(a.stream()) | cs::window(4s) | cs::count();
    EXPECT_EQ(run.finish(counts.next())->value(), 1);
}

// ---- lifetimes

TEST(Merge, EndsWithAnAbortWhereverItIsCancelledAndFreesAll)
{
    for (int steps = 0, ended = 0; ended == 0; ++steps) {
        {
            virtual_run run;
            script<move_only> a, b;
            a.batch(0, 0, [] { std::vector<move_only> v; v.emplace_back(1); return v; }())
                .wait_until(at(1s))
                .batch(0, 1, [] { std::vector<move_only> v; v.emplace_back(2); return v; }())
                .end();
            b.wait_until(at(2s))
                .batch(0, 0, [] { std::vector<move_only> v; v.emplace_back(3); return v; }())
                .end();
            auto all = cs::merge(a.stream(), b.stream()) | cs::window(4s) | cs::count()
                     | cs::for_each([](const auto&) {});
            auto running = run.start(cs::run(all));
            for (int i = 0; i < steps && !running->done(); ++i) run.step();
            ended = running->done();
            running->cancel.emit(asio::cancellation_type::terminal);
            run.clock.settle();
            ASSERT_TRUE(running->done()) << "after " << steps << " steps";
            EXPECT_TRUE(ended || is_aborted(running->error)) << text_of(running->error);
            EXPECT_EQ(run.clock.waiting(), 0U) << "an input still waits";
        }
        ASSERT_EQ(counted::alive, 0) << "after " << steps << " steps";
        ASSERT_LT(steps, 1000);
    }
}

TEST(Merge, RunsNothingOfTheUsersOnceItIsGone)
{
    for (int count = 0; count < 12; ++count) {
        for (int later = 0; later < 12; ++later) {
            virtual_run run;
            {
                auto calls = std::make_unique<int>(0); // gone with the stream
                auto called = [c = calls.get()](int) { ++*c; };
                script<int> a, b;
                a.batch(0, 0, {1}).batch(0, 1, {2}).wait_until(at(1s)).batch(0, 2, {3, 4});
                b.batch(0, 0, {5}).wait_until(at(2s)).batch(0, 1, {6}).batch(0, 2, {7});
                auto endless = cs::generate([c = calls.get()] { return ++*c; }, 1);
                auto all = cs::merge(
                    a.stream() | cs::tap(called), b.stream() | cs::tap(called), std::move(endless));
                auto reading = run.start(read_some(&all, count));
                while (!reading->done()) run.step();
                for (int i = 0; i < later; ++i) run.io.poll_one(); // the inputs go on
            }
            run.clock.advance(1h);
            EXPECT_EQ(run.clock.waiting(), 0U);
        }
    }
}

/// As one partition that is idle does not keep back others of the same stream.
TEST(Merge, TakesAnInputThatIsIdleAlongWithTheOthers)
{
    std::vector<cs::time_point> ends;
    log_reader<int> busy, quiet, quiet_too;
    for (auto* log : {&busy, &quiet, &quiet_too}) log->open(0);
    busy.then_give(0, {{0, at(10s), 1}, {1, at(20s), 2}});
    for (auto* log : {&quiet, &quiet_too}) // for longer than the busy one has something
        for (int pumps = 0; pumps < 20; ++pumps)
            log->then([log] { return log->prove_empty(0, at(0s)), pumped::items; });
    const auto timed = cs::event_time(2s);
    auto job = cs::merge(busy.stream() | timed,
                   cs::merge(quiet.stream() | timed, quiet_too.stream() | timed))
             | cs::window(4s) | cs::count()
             | cs::for_each([&](const auto& w) { ends.push_back(w.end_time()); });
    virtual_run run;
    run.finish(cs::run(job));
    EXPECT_EQ(ends, std::vector{at(12s)}); // of 18 s, which the busy one has come to
}

TEST(Merge, FreesItsInputsWhenItIsGoneInMidStream)
{
    virtual_run run;
    script<move_only> a, b;
    std::vector<move_only> some;
    some.emplace_back(1);
    a.batch(0, 0, std::move(some)).wait_until(at(1h)).end();
    b.wait_until(at(1h)).end();
    {
        auto all = cs::merge(a.stream(), b.stream());
        EXPECT_EQ(run.finish(all.next())->number(), 1);
        run.clock.settle();
        EXPECT_EQ(run.clock.waiting(), 2U);
    }
    run.clock.settle();
    EXPECT_EQ(run.clock.waiting(), 0U);
    EXPECT_EQ(counted::alive, 0);
    EXPECT_EQ(run.clock.now(), at(0s));
}

TEST(Merge, OutlivesItsContext)
{
    for (int steps = 0; steps < 30; ++steps) {
        using merged = decltype(cs::merge(script<int>().stream(), script<int>().stream()));
        std::unique_ptr<merged> all;
        virtual_run run;
        script<int> a, b;
        a.batch(0, 0, {1}).wait_until(at(1s)).batch(0, 1, {2}).end();
        b.batch(0, 0, {3}).wait_until(at(1h)).end();
        all = std::make_unique<merged>(cs::merge(a.stream(), b.stream()));
        ints seen;
        run.start(read_all(all.get(), &seen));
        for (int i = 0; i < steps; ++i) run.step();
    }
}

TEST(Merge, GoesAwayUnstarted)
{
    auto all = cs::merge(cs::from_range(ints{1}), cs::from_range(ints{2}));
    auto moved = std::move(all);
}

TEST(Merge, OfMergesIsOneToo)
{
    virtual_run run;
    script<int> a, b, c;
    a.batch(1, 10, {1}).end();
    b.batch(0, 20, {2}).end();
    c.batch(2, 30, {3}).end();
    recording<int> seen;
    auto all = cs::merge(cs::merge(a.stream(), b.stream()), c.stream()) | record(seen);
    run.finish(cs::run(all));
    std::map<int, cs::partition_id> partitions;
    cs::partition_id now = 0;
    for (const auto& e : seen.events()) {
        if (auto* begun = std::get_if<recording<int>::begun>(&e)) now = begun->info.partition;
        if (auto* p = std::get_if<recording<int>::pushed>(&e)) partitions[p->value] = now;
    }
    EXPECT_EQ(partitions, (std::map<int, cs::partition_id>{{1, 4}, {2, 2}, {3, 5}}));
    EXPECT_EQ(a.acknowledged()->offset(1), 11);
    EXPECT_EQ(b.acknowledged()->offset(0), 21);
    EXPECT_EQ(c.acknowledged()->offset(2), 31);
}

TEST(Merge, AllocatesNothingForAnElement)
{
    virtual_run run;
    auto numbers = [](int n) {
        auto next = [n, i = 0]() mutable { return i++ < n ? std::optional<int>(i) : std::nullopt; };
        return cs::generate(std::move(next));
    };
    auto asked_for = [&](int n) {
        auto sum = cs::merge(numbers(n), numbers(n))
                 | cs::fold(0LL, [](long long s, int v) { return s + v; });
        const auto before = allocations();
        run.finish(cs::run(sum));
        return allocations() - before;
    };
    const auto few = asked_for(10 * 1024), many = asked_for(210 * 1024);
    // the frames of the 400 pumps, which Asio does not always find room for in its own store
    EXPECT_LT(many, few + std::size_t{4 * 400});
}

} // namespace
