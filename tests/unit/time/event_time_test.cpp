// Pipelines by event time, on the virtual clock.

#include <corostream/core/run.hpp>
#include <corostream/core/wakeup.hpp>
#include <corostream/operators/count.hpp>
#include <corostream/operators/count_by.hpp>
#include <corostream/operators/filter.hpp>
#include <corostream/operators/map.hpp>
#include <corostream/operators/take.hpp>
#include <corostream/sinks/collect.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/elements.hpp>
#include <corostream/time/event_time.hpp>
#include <corostream/time/global.hpp>
#include <corostream/time/hopping.hpp>
#include <corostream/time/session.hpp>
#include <corostream/time/window.hpp>
#include <support/virtual_run.hpp>

#include <boost/asio/this_coro.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using cs::testing::script;

/// What a windowed count told, and when.
struct told {
    cs::duration begin, end, seen_at;
    std::int64_t count;
    cs::emission emission = cs::emission::complete;

    friend bool operator==(const told&, const told&) = default;
    friend void PrintTo(const told& t, std::ostream* out)
    {
        *out << "[" << t.begin / 1ms << ", " << t.end / 1ms << ") ms = " << t.count
             << (t.emission == cs::emission::early ? " early" : "") << " seen at "
             << t.seen_at / 1ms;
    }
};
using results = std::vector<told>;

template <class Counts>
asio::awaitable<void> read_counts(Counts counts, cs::time_source* clock, results* into)
{
    while (auto w = co_await counts.next())
        into->push_back({w->begin_time().time_since_epoch(), w->end_time().time_since_epoch(),
            clock->now().time_since_epoch(), w->value(), w->emission()});
}

/// Runs to the end, which has to come within a day.
template <class Counts>
results results_of(Counts counts)
{
    virtual_run run;
    results seen;
    auto job = run.start(read_counts(std::move(counts), &run.clock, &seen));
    run.clock.advance_to(at(24h));
    EXPECT_TRUE(job->done());
    EXPECT_FALSE(job->error) << text_of(job->error);
    return seen;
}

/// The error that ends it.
template <class Counts>
std::string error_of(Counts counts)
{
    virtual_run run;
    results seen;
    auto job = run.start(read_counts(std::move(counts), &run.clock, &seen));
    run.clock.advance_to(at(24h));
    return text_of(job->error);
}

struct order {
    int number;
    std::chrono::sys_time<std::chrono::milliseconds> placed_at{};
};
std::chrono::sys_time<std::chrono::milliseconds> placed(std::chrono::milliseconds since)
{
    return std::chrono::sys_time<std::chrono::milliseconds>(since);
}

TEST(EventTime, CutsWindowsByWhenElementsHappened)
{
    script<int> input;
    input.timed(0, 0, {{1, 1s}, {2, 5s}, {3, 3s}, {4, 9s}}).end();
    EXPECT_EQ(results_of(input.stream() | cs::event_time(2s) | cs::window(4s) | cs::count()),
        (results{{0s, 4s, 0s, 2}, {4s, 8s, 0s, 1}, {8s, 12s, 0s, 1}}));
}

TEST(EventTime, EmitsAWindowWhenTheWatermarkOfAllPartitionsHasComeToItsEnd)
{
    script<int> input;
    input.timed(0, 0, {{1, 1s}})
        .wait_until(at(1s))
        .timed(1, 0, {{1, 6s}}) // the other keeps it open
        .wait_until(at(2s))
        .timed(0, 1, {{1, 6s - 1us}}) // not quite
        .wait_until(at(3s))
        .timed(0, 2, {{1, 6s}})
        .wait_until(at(4s))
        .end();
    EXPECT_EQ(results_of(input.stream() | cs::event_time(2s) | cs::window(4s) | cs::count()),
        (results{{0s, 4s, 3s, 1}, {4s, 8s, 4s, 3}}));
}

TEST(EventTime, TakesATimeOfTheElementsOwn)
{
    script<order> input;
    input.timed(0, 0, {{{1, placed(1s)}, 77s}, {{2, placed(5s)}, 78s}}).end();
    EXPECT_EQ(results_of(input.stream() | cs::event_time(&order::placed_at, 0s) | cs::window(4s)
                         | cs::count()),
        (results{{0s, 4s, 0s, 1}, {4s, 8s, 0s, 1}}));
}

TEST(EventTime, TakesACoarserOrAnOptionalTime)
{
    const auto day_of = [](int n) { return std::chrono::sys_days(std::chrono::days(n)); };
    script<int> input;
    input.batch(0, 0, {1, 1, 2}).end();
    EXPECT_EQ(
        results_of(input.stream() | cs::event_time(day_of, 0s) | cs::window(24h) | cs::count()),
        (results{{24h, 48h, 0s, 2}, {48h, 72h, 0s, 1}}));

    const auto if_even = [=](int n) {
        return n % 2 == 0 ? std::optional(day_of(n)) : std::nullopt;
    };
    input.batch(3, 70, {2, 4, 5}).end();
    EXPECT_EQ(
        error_of(input.stream() | cs::event_time(if_even, 0s) | cs::window(24h) | cs::count()),
        "script [3] at offset 72: event_time: it has no timestamp; "
        "event_time(...).untimed(untimed::arrives) takes when it came"
        " <- event_time: it has no timestamp; "
        "event_time(...).untimed(untimed::arrives) takes when it came");
}

TEST(EventTime, FailsForAnElementWithoutATimestampAndNamesIt)
{
    script<int> input;
    input.timed(0, 0, {{1, 1s}}).batch(1, {{.value = 1, .offset = 7, .time = cs::no_time}});
    EXPECT_TRUE(error_of(input.stream() | cs::event_time(0s) | cs::window(4s) | cs::count())
            .starts_with("script [1] at offset 7: event_time: it has no timestamp"));
}

TEST(EventTime, TakesWhenAnElementCameIfItHasNoTimestampAndThatIsAskedFor)
{
    script<int> input;
    input.wait_until(at(5s))
        .batch(0, {{.value = 1, .offset = 0, .time = cs::no_time}})
        .timed(0, 1, {{1, 1s}, {1, 12s}})
        .end();
    EXPECT_EQ(
        results_of(input.stream() | cs::event_time(4s).untimed(cs::untimed::arrives)
                   | cs::window(4s) | cs::count()),
        (results{{0s, 4s, 5s, 1}, {4s, 8s, 5s, 1}, {12s, 16s, 5s, 1}}));
}

TEST(EventTime, DropsAndCountsWhatIsTooFarAheadOfTheClock)
{
    cs::time_counts counts;
    script<int> input;
    input.timed(0, 0, {{1, 10s}, {2, 10s + 1us}, {3, 1h}, {4, 1s}}).end();
    EXPECT_EQ(results_of(input.stream() | cs::event_time(9s).max_future(10s).count(counts)
                         | cs::window(4s) | cs::count()),
        (results{{0s, 4s, 0s, 1}, {8s, 12s, 0s, 1}})); // the hour moved no watermark
    EXPECT_EQ(counts.future, 2U);
    EXPECT_EQ(counts.late, 0U);
}

TEST(EventTime, EndsTheStreamForWhatIsTooFarAheadIfAskedTo)
{
    script<int> input;
    input.timed(2, 5, {{1, 10s}, {2, 1h}});
    EXPECT_TRUE(error_of(input.stream() | cs::event_time(0s).max_future(10s, cs::fail)
                         | cs::window(4s) | cs::count())
            .starts_with("script [2] at offset 6: event_time: its timestamp is 3600000 ms "
                         "ahead of the clock, more than max_future, 10000 ms"));
}

TEST(EventTime, GivesAwayWhatIsTooFarAheadIfAskedTo)
{
    cs::time_counts counts;
    std::vector<std::pair<int, std::int64_t>> seen;
    script<int> input;
    input.timed(0, 5, {{1, 1h}, {2, 1s}}).end();
    EXPECT_EQ(results_of(input.stream()
                         | cs::event_time(0s).count(counts).max_future(10s,
                             [&](int v, const cs::element& e) {
                                 EXPECT_EQ(e.time, at(1h));
                                 seen.emplace_back(v, e.offset);
                             })
                         | cs::window(4s) | cs::count()),
        (results{{0s, 4s, 0s, 1}}));
    EXPECT_EQ(seen, (std::vector<std::pair<int, std::int64_t>>{{1, 5}}));
    EXPECT_EQ(counts.future, 1U);

    std::vector<int> values;
    input.timed(0, 0, {{7, 1h}}).end();
    results_of(input.stream()
               | cs::event_time(0s).max_future(10s, [&](int v) { values.push_back(v); })
               | cs::window(4s) | cs::count());
    EXPECT_EQ(values, std::vector{7});
}

TEST(EventTime, TakesAnyFutureUnlessToldNotTo)
{
    script<int> input;
    input.timed(0, 0, {{1, std::chrono::years(9000)}, {2, cs::duration::max()}}).end();
    const auto seen
        = results_of(input.stream() | cs::event_time(0s) | cs::window(4s) | cs::count());
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(at(seen[0].begin), cs::tumbling(4s).begin_of(at(std::chrono::years(9000))));
    EXPECT_LT(seen[0].end, seen[1].end);
    EXPECT_EQ(seen[1].end - seen[1].begin, 4s);
}

TEST(EventTime, TakesAnyPast)
{
    script<int> input;
    input.timed(0, 0, {{1, cs::duration::min() + 1us}, {2, -9s}, {3, -8s}}).end();
    const auto seen = results_of(input.stream() | cs::event_time(0s).max_future(1h)
                                 | cs::window(4s) | cs::count());
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_LT(seen[0].begin, seen[0].end);
    EXPECT_EQ(seen[1], (told{-12s, -8s, 0s, 1}));
}

TEST(EventTime, GivesLateElementsAway)
{
    cs::time_counts counts;
    std::vector<std::string> late;
    script<int> input;
    const auto name = cs::map([](int n) { return "number " + std::to_string(n); });
    input.timed(0, 10, {{1, 1s}, {2, 6s}, {3, 3s}, {4, 2s}, {5, 4s}}).end();
    EXPECT_EQ(
        results_of(input.stream() | cs::event_time(2s)
                   | cs::window(4s).count(counts).late_to([&](std::string v, const cs::element& e) {
                         late.push_back(
                             v + " at " + std::to_string(e.offset) + ", "
                             + std::to_string(e.time.time_since_epoch() / 1s) + " s");
                     })
                   | name | cs::count()),
        (results{{0s, 4s, 0s, 1}, {4s, 8s, 0s, 2}}));
    EXPECT_EQ(late, (std::vector<std::string>{"number 3 at 12, 3 s", "number 4 at 13, 2 s"}));
    EXPECT_EQ(counts.late, 2U);

    std::vector<int> values;
    input.timed(0, 0, {{1, 9s}, {2, 1s}}).end();
    results_of(input.stream() | cs::event_time(2s)
               | cs::window(4s).late_to([&](int v) { values.push_back(v); }) | cs::count());
    EXPECT_EQ(values, std::vector{2});
}

/// Takes a second for each.
asio::awaitable<void> store(std::string v, cs::time_source* clock, std::vector<std::string>* into)
{
    cs::wakeup nothing(co_await asio::this_coro::executor);
    co_await nothing.wait(clock->now() + 1s);
    into->push_back(v + " at " + std::to_string(clock->now().time_since_epoch() / 1s) + " s");
}

TEST(EventTime, WaitsForACoroutineThatTakesLateElements)
{
    virtual_run run;
    std::vector<std::string> stored;
    const auto to_store = [&](std::string v) { return store(std::move(v), &run.clock, &stored); };
    script<std::string> input;
    input.timed(0, 0, {{"a", 20s}, {"b", 1s}, {"c", 2s}, {"d", 1h}, {"e", 22s}}).end();
    results seen;
    auto counts = input.stream() | cs::event_time(2s).max_future(1min, to_store)
                | cs::window(4s).late_to(to_store) | cs::count();
    const auto job = run.start(read_counts(std::move(counts), &run.clock, &seen));
    run.clock.advance_to(at(10s));
    EXPECT_TRUE(job->done());
    EXPECT_EQ(stored, (std::vector<std::string>{"d at 1 s", "b at 2 s", "c at 3 s"}));
    EXPECT_EQ(seen, (results{{20s, 24s, 3s, 2}}));
}

TEST(EventTime, EndsWithWhatACoroutineForLateElementsThrows)
{
    script<int> input;
    input.timed(0, 0, {{1, 20s}, {2, 1s}, {3, 30s}}).end();
    const auto refuse = [](int v) -> asio::awaitable<void> {
        throw std::runtime_error("no room for " + std::to_string(v));
        co_return;
    };
    EXPECT_EQ(error_of(input.stream() | cs::event_time(0s) | cs::window(4s).late_to(refuse)
                       | cs::count()),
        "no room for 2");
}

TEST(EventTime, DropsLateElementsOtherwise)
{
    cs::time_counts counts;
    script<int> input;
    input.timed(0, 0, {{1, 9s}, {2, 1s}, {3, 8s}}).end();
    EXPECT_EQ(results_of(
                  input.stream() | cs::event_time(2s) | cs::window(4s).count(counts) | cs::count()),
        (results{{8s, 12s, 0s, 2}}));
    EXPECT_EQ(counts.late, 1U);
}

TEST(EventTime, EmitsEmptyWindowsFromTheFirstToTheLastElement)
{
    script<int> input;
    input.timed(0, 0, {{1, 21s}, {2, 33s}}).wait_until(at(1h)).end();
    EXPECT_EQ(results_of(input.stream() | cs::event_time(0s) | cs::window(4s).emit_empty()
                         | cs::count()),
        (results{{20s, 24s, 0s, 1}, {24s, 28s, 0s, 0}, {28s, 32s, 0s, 0}, {32s, 36s, 1h, 1}}));
}

TEST(EventTime, TellsEarlyWhatAWindowHasSoFar)
{
    script<int> input;
    input.timed(0, 0, {{1, 1s}})
        .wait_until(at(15s))
        .timed(0, 1, {{1, 2s}})
        .wait_until(at(35s))
        .timed(0, 2, {{1, 5s}})
        .end();
    constexpr auto early = cs::emission::early;
    EXPECT_EQ(results_of(
                  input.stream() | cs::event_time(0s) | cs::window(4s).early(10s) | cs::count()),
        (results{{0s, 4s, 10s, 1, early}, {0s, 4s, 20s, 2, early}, {0s, 4s, 35s, 2},
            {4s, 8s, 35s, 1}}));
}

TEST(EventTime, TellsEarlyWhatSessionsHaveSoFarOnceASinkWantsMore)
{
    script<int> input;
    constexpr std::size_t pumps = 3, at_once = 1024; // what `next()` takes of a pump
    std::vector<std::pair<int, cs::duration>> far_apart;
    for (std::size_t i = 0; i < (pumps - 1) * at_once + 1; ++i)
        far_apart.emplace_back(1, 10s * static_cast<int>(i));
    input.timed(1, 0, {{1, 0s}})
        .timed(0, 0, far_apart)
        .wait_until(at(15s))
        .timed(0, std::int64_t(far_apart.size()), {{1, 1s}})
        .wait_until(at(16s))
        .end();
    const auto seen = results_of(input.stream() | cs::event_time(1h).never_idle()
                                 | cs::window(cs::session(4s)).early(10s) | cs::count());
    const auto early = std::count_if(seen.begin(), seen.end(),
        [](const told& t) { return t.emission == cs::emission::early; });
    EXPECT_EQ(static_cast<std::size_t>(early), far_apart.size());
    EXPECT_EQ(seen.size(), 2 * far_apart.size());
}

TEST(EventTime, ShiftsTheBoundariesOfWindows)
{
    script<int> input;
    input.timed(0, 0, {{1, 0s}, {1, 1s}, {1, 5s}}).end();
    EXPECT_EQ(
        results_of(input.stream() | cs::event_time(0s) | cs::window(4s).offset(1s) | cs::count()),
        (results{{-3s, 1s, 0s, 1}, {1s, 5s, 0s, 1}, {5s, 9s, 0s, 1}}));
}

TEST(EventTime, ClosesWindowsThatOnlyAnIdlePartitionKeepsOpen)
{
    script<int> input;
    input.timed(0, 0, {{1, 1s}})
        .timed(1, 0, {{1, 60s}})
        .wait_until(at(4s))
        .caught_up(0) // too soon: it might be slow
        .wait_until(at(6s))
        .caught_up(0)
        .wait_until(at(69s))
        .caught_up(0)
        .caught_up(1) // all are: the wall clock closes, the bound and 5 s behind
        .wait_until(at(70s))
        .caught_up(0)
        .caught_up(1)
        .wait_until(at(1h))
        .end();
    EXPECT_EQ(results_of(input.stream() | cs::event_time(1s) | cs::window(4s) | cs::count()),
        (results{{0s, 4s, 6s, 1}, {60s, 64s, 70s, 1}}));
}

TEST(EventTime, TakesAPartitionAsIdleAfterTheTimeAskedFor)
{
    script<int> input;
    input.timed(0, 0, {{1, 1s}})
        .timed(1, 0, {{1, 60s}})
        .wait_until(at(59s))
        .caught_up(0)
        .wait_until(at(60s))
        .caught_up(0)
        .wait_until(at(1h))
        .end();
    EXPECT_EQ(results_of(input.stream() | cs::event_time(1s).idle_after(1min) | cs::window(4s)
                         | cs::count()),
        (results{{0s, 4s, 60s, 1}, {60s, 64s, 1h, 1}}));
}

TEST(EventTime, KeepsWindowsOpenForAPartitionThatIsNeverIdle)
{
    script<int> input;
    input.timed(0, 0, {{1, 1s}})
        .timed(1, 0, {{1, 60s}})
        .wait_until(at(30min))
        .caught_up(0)
        .caught_up(1)
        .wait_until(at(1h))
        .end();
    EXPECT_EQ(
        results_of(input.stream() | cs::event_time(1s).never_idle() | cs::window(4s) | cs::count()),
        (results{{0s, 4s, 1h, 1}, {60s, 64s, 1h, 1}}));
}

TEST(EventTime, CompletesAtTheEndWhatItHasJustToldOfEverything)
{
    script<int> input;
    input.timed(0, 0, {{1, 1s}, {2, 2s}, {3, 3s}, {4, 4s}}).end();
    constexpr auto always = cs::time_point::min().time_since_epoch();
    constexpr auto early = cs::emission::early;
    EXPECT_EQ(results_of(input.stream() | cs::event_time(0s)
                         | cs::window(cs::global(cs::every(2))) | cs::count()),
        (results{{always, 2s + 1us, 0s, 2, early}, {always, 4s + 1us, 0s, 4, early},
            {always, 4s + 1us, 0s, 4}}));
}

TEST(EventTime, KeepsOpenWindowsBackAtAGracefulStop)
{
    script<int> input;
    input.timed(0, 10, {{1, 1s}, {2, 5s}, {3, 6s}}).wait_until(at(1min)).stop();
    EXPECT_EQ(results_of(input.stream() | cs::event_time(1s) | cs::window(4s) | cs::count()),
        (results{{0s, 4s, 0s, 1}}));
    EXPECT_EQ(input.acknowledged()->offset(0), 11); // the open window will be read again
}

TEST(EventTime, LeavesWhatARestartNeeds)
{
    script<int> input;
    input.timed(0, 10, {{1, 1s}, {2, 5s}, {3, 6s}, {4, 2s}}).stop();
    results_of(input.stream() | cs::event_time(1s) | cs::window(4s) | cs::count());
    ASSERT_FALSE(input.acknowledged()->cursors.empty());
    const auto& positions = input.acknowledged()->cursors.back().positions;
    ASSERT_EQ(positions.size(), 1U);
    EXPECT_EQ(positions[0].offset, 11);
    EXPECT_EQ(positions[0].window, at(4s));
    // 11 came when the watermark was 0 s, which its own time raised to 4 s
    const cs::resume_point expected{.watermark = at(4s), .emitted = at(5s), .seen = 14};
    EXPECT_EQ(positions[0].resume, expected);
}

TEST(EventTime, GoesOnAfterARestart)
{
    std::vector<int> late;
    cs::time_counts counts;
    script<int> input;
    input.resume(0, {.watermark = at(4s), .emitted = at(4s), .seen = 14})
        .timed(0, 11, {{2, 5s}, {3, 6s}, {4, 2s}, {5, 3s}, {6, 9s}})
        .end();
    EXPECT_EQ(
        results_of(input.stream() | cs::event_time(1s)
                   | cs::window(4s).count(counts).late_to([&](int v) { late.push_back(v); })
                   | cs::count()),
        (results{{4s, 8s, 0s, 2}, {8s, 12s, 0s, 1}}));
    EXPECT_EQ(late, std::vector{5}); // 4 was judged before
    EXPECT_EQ(counts.late, 1U);
}

TEST(EventTime, JudgesAfterARestartWhatComesOfAPartitionThatWasIdleAsBefore)
{
    std::vector<int> late;
    const auto add_late = [&late](int v) { late.push_back(v); };
    script<int> before;
    before.timed(0, 0, {{1, 30s}})
        .timed(1, 0, {{2, 39s}})
        .wait_until(at(6s))
        .caught_up(0)
        .wait_until(at(7s))
        .timed(0, 1, {{3, 27s}}) // the other one had brought the watermark to 29 s
        .stop();
    results_of(before.stream() | cs::event_time(10s) | cs::window(4s).late_to(add_late)
               | cs::count());
    EXPECT_EQ(late, std::vector{3});

    const auto& left = before.acknowledged()->cursors.back().positions[0];
    ASSERT_EQ(left.offset, 0);
    script<int> after;
    after.resume(0, left.resume).timed(0, 0, {{1, 30s}, {3, 27s}, {4, 27s}}).end();
    EXPECT_EQ(results_of(after.stream() | cs::event_time(10s)
                         | cs::window(4s).late_to(add_late) | cs::count()),
        (results{{28s, 32s, 0s, 1}}));
    EXPECT_EQ(late, (std::vector{3, 4}));
}

TEST(EventTime, StopsInTheMiddleOfSeveralWindowsThatAreDue)
{
    script<int> input;
    input.timed(0, 0, {{1, 1s}, {2, 5s}, {3, 9s}, {4, 60s}}).timed(0, 4, {{5, 61s}}).end();
    auto counts = input.stream() | cs::event_time(0s) | cs::window(4s) | cs::count();
    EXPECT_EQ(results_of(std::move(counts) | cs::take(2)),
        (results{{0s, 4s, 0s, 1}, {4s, 8s, 0s, 1}}));
    EXPECT_EQ(input.acknowledged()->offset(0), 2); // the third was due, but not told
}

TEST(EventTime, GoesByElementsThatAFilterDropsToo)
{
    script<int> input;
    input.timed(0, 0, {{1, 1s}, {2, 30s}}).wait_until(at(1h)).end();
    EXPECT_EQ(
        results_of(input.stream() | cs::event_time(0s)
                   | cs::filter([](int v) { return v != 2; }) | cs::window(4s) | cs::count()),
        (results{{0s, 4s, 0s, 1}}));
}

TEST(EventTime, HasNoTimeInTheWayOfElementsWithoutWindows)
{
    virtual_run run;
    script<int> input;
    input.timed(0, 0, {{1, 9s}, {2, 1s}, {3, 5s}}).end();
    auto all = input.stream() | cs::event_time(0s) | cs::collect();
    EXPECT_EQ(run.finish(all.run()), (std::vector{1, 2, 3}));
}

TEST(EventTime, CutsResultsOfWindowsIntoWindowsOfTheirOwn)
{
    script<int> input;
    // of two kinds, in windows of 4 s
    input.timed(0, 0, {{1, 1s}, {2, 2s}, {1, 5s}, {1, 9s}, {2, 9s}})
        .wait_until(at(1s))
        .timed(0, 5, {{1, 13s}})
        .wait_until(at(2s))
        .timed(0, 6, {{1, 17s}})
        .wait_until(at(3s))
        .end();
    auto kinds = input.stream() | cs::event_time(0s) | cs::window(4s)
               | cs::count_by([](int v) { return v; });
    EXPECT_EQ(results_of(std::move(kinds) | cs::window(8s) | cs::count()),
        (results{{0s, 8s, 0s, 2}, {8s, 16s, 2s, 2}, {16s, 24s, 3s, 1}}));
}

TEST(EventTime, RefusesArgumentsThatMakeNoSenseAndSaysWhy)
{
    const auto refusal = [](auto make) -> std::string {
        try {
            make();
        } catch (const std::invalid_argument& e) {
            return e.what();
        }
        return "none";
    };
    EXPECT_EQ(refusal([] { cs::event_time(-1us); }),
        "event_time: the bound -1 us is negative, or more than 1000 years");
    EXPECT_EQ(refusal([] { cs::event_time(std::chrono::years(1001)); }),
        "event_time: the bound 31588508952000000 us is negative, or more than 1000 years");
    EXPECT_EQ(refusal([] { cs::event_time(0s); }), "none");
    EXPECT_EQ(refusal([] { cs::event_time(0s).idle_after(0s); }),
        "event_time: idle_after 0 us is not positive");
    EXPECT_EQ(refusal([] { cs::event_time(0s).max_future(-1s); }),
        "event_time: max_future -1000000 us is not positive");
    EXPECT_EQ(refusal([] { cs::event_time(0s).max_future(0s, cs::fail); }),
        "event_time: max_future 0 us is not positive");
    EXPECT_EQ(refusal([] { cs::window(4s).early(0s); }),
        "window: the period of early results 0 us is not positive");
    EXPECT_EQ(refusal([] { cs::window(cs::hopping(4s, 2s)).offset(2s); }),
        "window: the offset 2000000 us is not smaller than the hop 2000000 us");
}

} // namespace
