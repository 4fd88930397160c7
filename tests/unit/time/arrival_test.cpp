// Windows of every kind by arrival, in pipelines on the virtual clock.

#include <corostream/operators/count_by.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/cumulative.hpp>
#include <corostream/time/elements.hpp>
#include <corostream/time/global.hpp>
#include <corostream/time/hopping.hpp>
#include <corostream/time/session.hpp>
#include <corostream/time/sliding.hpp>
#include <corostream/time/window.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace {

using cs::testing::script;

/// What a windowed count by key told, and when.
struct told {
    cs::duration begin, end, seen_at;
    std::vector<std::pair<char, std::int64_t>> counts;
    cs::emission emission = cs::emission::complete;

    friend bool operator==(const told&, const told&) = default;
    friend void PrintTo(const told& t, std::ostream* out)
    {
        *out << "[" << t.begin.count() << ", " << t.end.count() << ") us =";
        for (const auto& [key, count] : t.counts) *out << ' ' << key << ':' << count;
        *out << (t.emission == cs::emission::early ? " early" : "") << " seen at "
             << t.seen_at.count();
    }
};
using results = std::vector<told>;

constexpr auto early = cs::emission::early;
constexpr auto always = cs::time_point::min().time_since_epoch();
constexpr auto for_ever = cs::never.time_since_epoch();

template <class Counts>
asio::awaitable<void> read_counts(Counts counts, cs::time_source* clock, results* into)
{
    while (auto w = co_await counts.next())
        into->push_back({w->begin_time().time_since_epoch(), w->end_time().time_since_epoch(),
            clock->now().time_since_epoch(), {w->begin(), w->end()}, w->emission()});
}

/// Runs to the end, which has to come within a day.
template <class Window>
results counts_of(script<char>& input, Window window)
{
    virtual_run run;
    results seen;
    auto counts = input.stream() | window | cs::count_by(std::identity());
    auto job = run.start(read_counts(std::move(counts), &run.clock, &seen));
    run.clock.advance_to(at(24h));
    EXPECT_TRUE(job->done());
    EXPECT_FALSE(job->error) << text_of(job->error);
    return seen;
}

TEST(Arrival, FiresHoppingWindowsAtTheirEnds)
{
    script<char> input;
    input.wait_until(at(1s))
        .batch(0, 0, {'a', 'b', 'a'})
        .wait_until(at(3s))
        .batch(1, 0, {'a'})
        .wait_until(at(4s)) // on the boundary
        .batch(0, 3, {'b'})
        .wait_until(at(1h))
        .end();
    EXPECT_EQ(counts_of(input, cs::window(cs::hopping(4s, 2s))),
        (results{{-2s, 2s, 2s, {{'a', 2}, {'b', 1}}}, {0s, 4s, 4s, {{'a', 3}, {'b', 1}}},
            {2s, 6s, 6s, {{'b', 1}, {'a', 1}}}, {4s, 8s, 8s, {{'b', 1}}}}));
}

TEST(Arrival, FiresCumulativeWindowsAtEachStep)
{
    script<char> input;
    input.wait_until(at(1s))
        .batch(0, 0, {'a'})
        .wait_until(at(3s))
        .batch(1, 0, {'b', 'a'})
        .wait_until(at(9s))
        .batch(0, 1, {'b'})
        .wait_until(at(1h))
        .end();
    EXPECT_EQ(counts_of(input, cs::window(cs::cumulative(2s, 6s))),
        (results{{0s, 2s, 2s, {{'a', 1}}}, {0s, 4s, 4s, {{'a', 2}, {'b', 1}}},
            {0s, 6s, 6s, {{'a', 2}, {'b', 1}}}, {6s, 10s, 10s, {{'b', 1}}},
            {6s, 12s, 12s, {{'b', 1}}}}));
}

TEST(Arrival, FiresASessionWhenItsKeyHasBeenQuietForTheGap)
{
    script<char> input;
    input.wait_until(at(1s))
        .batch(0, 0, {'a'})
        .wait_until(at(2s))
        .batch(0, 1, {'b'})
        .wait_until(at(4s))
        .batch(1, 0, {'a'}) // one session, though of two partitions
        .wait_until(at(8s)) // it only touches that one
        .batch(0, 2, {'a', 'b'})
        .wait_until(at(1h))
        .end();
    EXPECT_EQ(counts_of(input, cs::window(cs::session(4s))),
        (results{{2s, 6s, 6s, {{'b', 1}}}, {1s, 8s, 8s, {{'a', 2}}},
            {8s, 12s, 12s, {{'a', 1}, {'b', 1}}}}));
}

TEST(Arrival, FiresASlidingWindowRightAfterEachElement)
{
    script<char> input;
    input.wait_until(at(1s))
        .batch(0, 0, {'a'})
        .wait_until(at(3s))
        .batch(1, 0, {'a'})
        .wait_until(at(5s)) // the first one has gone
        .batch(0, 1, {'a', 'b', 'b'})
        .wait_until(at(1h))
        .end();
    EXPECT_EQ(counts_of(input, cs::window(cs::sliding(4s))),
        (results{{-3s + 1us, 1s + 1us, 1s + 1us, {{'a', 1}}},
            {-1s + 1us, 3s + 1us, 3s + 1us, {{'a', 2}}},
            {1s + 1us, 5s + 1us, 5s + 1us, {{'a', 2}, {'b', 2}}}}));
}

TEST(Arrival, TellsEverythingAtMultiplesOfTheTriggerThatBringSomethingNew)
{
    script<char> input;
    input.wait_until(at(1s))
        .batch(0, 0, {'a'})
        .wait_until(at(12s))
        .batch(1, 0, {'b', 'a'})
        .wait_until(at(35s))
        .end();
    EXPECT_EQ(counts_of(input, cs::window(cs::global(cs::every(10s)))),
        (results{{always, 10s, 10s, {{'a', 1}}, early},
            {always, 20s, 20s, {{'a', 2}, {'b', 1}}, early},
            {always, for_ever, 35s, {{'a', 2}, {'b', 1}}}}));
}

TEST(Arrival, TellsEverythingOfAKeyAfterSoManyElementsMore)
{
    script<char> input;
    input.wait_until(at(1s))
        .batch(0, 0, {'a', 'a'})
        .wait_until(at(2s))
        .batch(0, 2, {'a', 'b'})
        .wait_until(at(3s))
        .batch(0, 4, {'a'})
        .wait_until(at(1h))
        .end();
    EXPECT_EQ(counts_of(input, cs::window(cs::global(cs::every(2)))),
        (results{{always, 1s + 1us, 1s + 1us, {{'a', 2}}, early},
            {always, 3s + 1us, 3s + 1us, {{'a', 4}}, early},
            {always, 3s + 1us, 1h, {{'b', 1}}}, // no earlier than what was told before
            {always, 3s + 1us, 1h, {{'a', 4}}}}));
}

/// a at 1 s and b at 3 s.
script<char> a_and_b()
{
    script<char> input;
    input.wait_until(at(1s)).batch(0, 0, {'a'}).wait_until(at(3s)).batch(0, 1, {'b'});
    return input;
}

template <class Window>
results ended_at(cs::duration end, Window window)
{
    auto input = a_and_b();
    return counts_of(input.wait_until(at(end)).end(), window);
}

TEST(Arrival, EmitsWhatIsOpenAtOnceWhenTheInputEnds)
{
    EXPECT_EQ(ended_at(3500ms, cs::window(cs::hopping(4s, 2s))),
        (results{{-2s, 2s, 2s, {{'a', 1}}}, {0s, 4s, 3500ms, {{'a', 1}, {'b', 1}}},
            {2s, 6s, 3500ms, {{'b', 1}}}}));
    EXPECT_EQ(ended_at(3500ms, cs::window(cs::cumulative(2s, 6s))),
        (results{{0s, 2s, 2s, {{'a', 1}}}, {0s, 4s, 3500ms, {{'a', 1}, {'b', 1}}},
            {0s, 6s, 3500ms, {{'a', 1}, {'b', 1}}}}));
    EXPECT_EQ(ended_at(3500ms, cs::window(cs::session(2s))),
        (results{{1s, 3s, 3s, {{'a', 1}}}, {3s, 5s, 3500ms, {{'b', 1}}}}));
    EXPECT_EQ(ended_at(3s, cs::window(cs::sliding(4s))),
        (results{{-3s + 1us, 1s + 1us, 1s + 1us, {{'a', 1}}},
            {-1s + 1us, 3s + 1us, 3s, {{'b', 1}}}}));
    EXPECT_EQ(ended_at(3500ms, cs::window(cs::global(cs::every(2s)))),
        (results{{always, 2s, 2s, {{'a', 1}}, early},
            {always, for_ever, 3500ms, {{'a', 1}, {'b', 1}}}}));
    EXPECT_EQ(ended_at(3500ms, cs::window(cs::global(cs::every(2)))),
        (results{{always, 3s + 1us, 3500ms, {{'a', 1}}},
            {always, 3s + 1us, 3500ms, {{'b', 1}}}}));
}

/// What is told before a graceful stop, and the first offset that is to be read again.
template <class Window>
std::pair<results, std::int64_t> stopped_at(cs::duration stop, Window window)
{
    auto input = a_and_b();
    auto seen = counts_of(input.wait_until(at(stop)).stop(), window);
    return {std::move(seen), input.acknowledged()->offset(0)};
}

TEST(Arrival, KeepsWhatIsOpenBackAtAGracefulStop)
{
    EXPECT_EQ(stopped_at(3500ms, cs::window(cs::hopping(4s, 2s))),
        std::pair(results{{-2s, 2s, 2s, {{'a', 1}}}}, std::int64_t(0)));
    EXPECT_EQ(stopped_at(3500ms, cs::window(cs::cumulative(2s, 6s))),
        std::pair(results{{0s, 2s, 2s, {{'a', 1}}}}, std::int64_t(0)));
    EXPECT_EQ(stopped_at(3500ms, cs::window(cs::session(2s))),
        std::pair(results{{1s, 3s, 3s, {{'a', 1}}}}, std::int64_t(1)));
    // another a would have this one in its window
    EXPECT_EQ(stopped_at(3s, cs::window(cs::sliding(4s))),
        std::pair(results{{-3s + 1us, 1s + 1us, 1s + 1us, {{'a', 1}}}}, std::int64_t(0)));
    EXPECT_EQ(stopped_at(3500ms, cs::window(cs::global(cs::every(2s)))),
        std::pair(results{{always, 2s, 2s, {{'a', 1}}, early}}, std::int64_t(0)));
    EXPECT_EQ(stopped_at(3500ms, cs::window(cs::global(cs::every(2)))),
        std::pair(results(), std::int64_t(0)));
}

TEST(Arrival, TellsEarlyWhatHoppingWindowsHaveSoFar)
{
    script<char> input;
    input.wait_until(at(1s))
        .batch(0, 0, {'a'})
        .wait_until(at(4500ms))
        .batch(1, 0, {'b'})
        .wait_until(at(1h))
        .end();
    // at 3 s, 6 s and so on, if something has changed
    EXPECT_EQ(counts_of(input, cs::window(cs::hopping(4s, 2s)).early(3s)),
        (results{{-2s, 2s, 2s, {{'a', 1}}}, {0s, 4s, 3s, {{'a', 1}}, early},
            {0s, 4s, 4s, {{'a', 1}}}, {2s, 6s, 6s, {{'b', 1}}},
            {4s, 8s, 6s, {{'b', 1}}, early}, {4s, 8s, 8s, {{'b', 1}}}}));
}

TEST(Arrival, TellsEarlyWhatCumulativeWindowsHaveSoFar)
{
    script<char> input;
    input.wait_until(at(1s))
        .batch(0, 0, {'a'})
        .wait_until(at(5s))
        .batch(1, 0, {'b'})
        .wait_until(at(10s))
        .batch(0, 1, {'a'})
        .wait_until(at(1h))
        .end();
    EXPECT_EQ(counts_of(input, cs::window(cs::cumulative(4s, 8s)).early(3s)),
        (results{{0s, 4s, 3s, {{'a', 1}}, early}, {0s, 8s, 3s, {{'a', 1}}, early},
            {0s, 4s, 4s, {{'a', 1}}}, {0s, 8s, 6s, {{'a', 1}, {'b', 1}}, early},
            {0s, 8s, 8s, {{'a', 1}, {'b', 1}}}, {8s, 12s, 12s, {{'a', 1}}},
            {8s, 16s, 12s, {{'a', 1}}, early}, {8s, 16s, 16s, {{'a', 1}}}}));
}

TEST(Arrival, TellsEarlyWhatAGlobalWindowHasBetweenItsTriggers)
{
    script<char> input;
    input.wait_until(at(1s))
        .batch(0, 0, {'a'})
        .wait_until(at(11s))
        .batch(1, 0, {'b'})
        .wait_until(at(35s))
        .end();
    EXPECT_EQ(counts_of(input, cs::window(cs::global(cs::every(10s))).early(4s)),
        (results{{always, 10s, 4s, {{'a', 1}}, early}, {always, 10s, 10s, {{'a', 1}}, early},
            {always, 20s, 12s, {{'a', 1}, {'b', 1}}, early},
            {always, 20s, 20s, {{'a', 1}, {'b', 1}}, early},
            {always, for_ever, 35s, {{'a', 1}, {'b', 1}}}}));
}

TEST(Arrival, TellsNothingEarlyAtTheEndNorAtAGracefulStop)
{
    const auto windows = cs::window(cs::cumulative(4s, 8s)).early(2s);
    const told first{0s, 4s, 2s, {{'a', 1}}, early}, second{0s, 8s, 2s, {{'a', 1}}, early};
    EXPECT_EQ(ended_at(3500ms, windows),
        (results{first, second, {0s, 4s, 3500ms, {{'a', 1}, {'b', 1}}},
            {0s, 8s, 3500ms, {{'a', 1}, {'b', 1}}}}));
    EXPECT_EQ(stopped_at(3500ms, windows), std::pair(results{first, second}, std::int64_t(0)));
}

} // namespace
