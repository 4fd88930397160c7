// Windows by event time against a plain oracle, in very many small cases: `repeat` says how to run
// one of them.

#include "windows_kinds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace windows_property {

/// The same log in any turns and batches comes to what the oracle says, and so to the same.
template <class Kind>
void agrees(unsigned seed)
{
    random_source random(seed);
    const auto work = workload::pick(random);
    const Kind kind(random);
    const auto expected = kind.expected(work);
    for (int run = 0; run < 2; ++run) {
        driver d(work, kind.state(work));
        while (d.pump(random)) {}
        d.finish(random);
        ASSERT_EQ(d.seen().results, expected.results);
        ASSERT_EQ(d.seen().late, expected.late);
    }
}

/// Reads all, and is stopped and begun again in between; `look` sees what every life has told.
/// Returns what was late.
template <class Kind, class Each>
auto run_with_restarts(random_source& random, const workload& work, const Kind& kind, Each look)
{
    decltype(oracle::outcome::late) late;
    const auto note = [&](const oracle::outcome& seen) {
        look(seen);
        late.insert(late.end(), seen.late.begin(), seen.late.end());
    };
    std::map<cs::partition_id, checkpoint> from;
    for (auto restarts = random.pick(1, 3); restarts > 0; --restarts) {
        driver before(work, kind.state(work), from);
        for (auto pumps = random.pick(0, 8); pumps > 0; --pumps) before.pump(random);
        note(before.seen());
        from = before.snapshot();
    }
    driver after(work, kind.state(work), from);
    while (after.pump(random)) {}
    after.finish(random);
    note(after.seen());
    std::sort(late.begin(), late.end());
    return late;
}

/// What restarts leave is what there would have been without: each result once, nothing late that
/// was not, nothing judged twice.
template <class Kind>
void survives_restarts(unsigned seed)
{
    random_source random(seed);
    const auto work = workload::pick(random);
    const Kind kind(random);
    const auto expected = kind.expected(work);
    oracle::outcome seen;
    auto before_restart = oracle::lowest; // end of the last result
    seen.late = run_with_restarts(random, work, kind, [&](const oracle::outcome& more) {
        for (const auto& r : more.results) {
            // sessions that end at once may come again together if one was not yet out
            const auto at = std::find(seen.results.begin(), seen.results.end(), r);
            if (!std::is_same_v<Kind, session> || at == seen.results.end()
                || r.end != before_restart)
                seen.results.push_back(r);
        }
        if (!seen.results.empty()) before_restart = seen.results.back().end;
    });
    if constexpr (std::is_same_v<Kind, global> || std::is_same_v<Kind, global_by_count>) {
        // a restart may tell once more what it had
        const auto told = [&](const oracle::result& r) {
            return std::find(seen.results.begin(), seen.results.end(), r) != seen.results.end();
        };
        for (const auto& r : expected.results) ASSERT_TRUE(told(r)) << r;
        if (expected.results.empty()) {
            ASSERT_TRUE(seen.results.empty());
        } else {
            ASSERT_EQ(seen.results.back(), expected.results.back());
        }
    } else {
        ASSERT_EQ(seen.results, expected.results);
    }
    ASSERT_EQ(seen.late, expected.late);
}

/// What each window and key was told last.
using last_told = std::map<std::tuple<std::int64_t, std::int64_t, int>, oracle::members>;

void add(last_told& into, const oracle::outcome& o)
{
    for (const auto& r : o.results)
        for (const auto& [key, value] : r.rows) {
            if (r.back) into.erase({r.begin, r.end, key});
            else into.insert_or_assign({r.begin, r.end, key}, value);
        }
}

/// Windows that may be told again are made again after a restart: what each was told as last is
/// what it would have been.
template <class Kind>
void tells_the_same_after_restarts(unsigned seed)
{
    random_source random(seed);
    const auto work = workload::pick(random);
    const Kind kind(random);
    last_told seen, expected;
    const auto whole = kind.expected(work);
    add(expected, whole);
    const auto late = run_with_restarts(
        random, work, kind, [&](const oracle::outcome& more) { add(seen, more); });
    ASSERT_EQ(seen, expected);
    ASSERT_EQ(late, whole.late);
}

/// Reads all, and now and then proves that partitions are idle; no watermark goes back.
template <class Kind>
auto run_with_idle_partitions(random_source& random, const workload& work, const Kind& kind)
{
    driver d(work, kind.state(work), {}, cs::duration(random.pick(1, 10)));
    if (!work.log.empty()) d.begin_at(work.log.front().time + random.pick(-10, 10));
    for (auto before = d.watermarks(); d.pump(random);) {
        for (auto times = random.pick(0, 3); times > 0; --times) d.idle(random);
        const auto after = d.watermarks();
        for (std::size_t i = 0; i < after.size(); ++i) EXPECT_GE(after[i], before[i]);
        before = after;
    }
    d.finish(random);
    return d;
}

/// Partitions that are proved to be idle at any time, and come back: what is late then depends on
/// when they were, but nothing is told twice, nothing goes back, and each record counts in a window
/// or is late.
template <class Kind>
void survives_idle_partitions(unsigned seed)
{
    random_source random(seed);
    const auto work = workload::pick(random);
    const Kind kind(random);
    auto d = run_with_idle_partitions(random, work, kind);

    auto end = oracle::lowest;
    std::set<std::tuple<std::int64_t, std::int64_t, int>> told;
    oracle::members counted, late;
    for (const auto& r : d.seen().results) {
        ASSERT_GE(r.end, end); // in order
        end = r.end;
        for (const auto& [key, value] : r.rows) {
            const bool first = told.emplace(r.begin, r.end, key).second;
            ASSERT_TRUE(first || (std::is_same_v<Kind, elements>)) << r;
            ASSERT_FALSE(value.twice) << r;
            counted = oracle::join()(counted, value);
        }
    }
    if (std::is_same_v<Kind, tumbling> || std::is_same_v<Kind, session>) {
        ASSERT_FALSE(counted.twice);
    }
    std::uint64_t all = 0;
    for (const auto& r : work.log) {
        const auto number = oracle::members::of(r).numbers;
        all |= number;
        const std::pair place(r.partition, r.offset);
        if (std::binary_search(d.seen().late.begin(), d.seen().late.end(), place))
            late = oracle::join()(late, oracle::members::of(r));
    }
    ASSERT_EQ(counted.numbers & late.numbers, 0U);
    ASSERT_EQ(std::adjacent_find(d.seen().late.begin(), d.seen().late.end()), d.seen().late.end());
    // one that came too late for its own sliding window may have found no other
    const auto neither = all & ~(counted.numbers | late.numbers);
    ASSERT_TRUE(neither == 0 || (std::is_same_v<Kind, sliding>));
}

/// The same to the last record, by when windows were out as each came: that time may bring forward,
/// the rest follows from it.
template <class Kind>
void agrees_despite_idle_partitions(unsigned seed)
{
    random_source random(seed);
    auto work = workload::pick(random);
    work.emit_empty = false; // they go on until time stands still
    const Kind kind(random);
    auto d = run_with_idle_partitions(random, work, kind);
    auto judged = work;
    judged.log = d.judged();
    oracle::sort(judged.log);
    const auto expected = kind.expected(judged);
    ASSERT_EQ(d.seen().results, expected.results);
    ASSERT_EQ(d.seen().late, expected.late);
}

/// The same, stopped and begun again in between: each verdict is that of the first time.
template <class Kind>
void tells_the_same_after_restarts_despite_idle_partitions(unsigned seed)
{
    random_source random(seed);
    auto work = workload::pick(random);
    work.emit_empty = false;
    const Kind kind(random);
    const cs::duration idle_after(random.pick(1, 10));
    auto now = work.log.empty() ? 0 : work.log.front().time + random.pick(-10, 10);
    std::map<cs::partition_id, checkpoint> from;
    std::map<std::pair<cs::partition_id, std::int64_t>, record> judged;
    last_told seen, expected;
    std::set<std::pair<cs::partition_id, std::int64_t>> late;
    for (auto lives = random.pick(1, 3); lives >= 0; --lives) {
        driver d(work, kind.state(work), from, idle_after);
        d.begin_at(now);
        if constexpr (requires { kind.late; }) d.allow(kind.late);
        for (auto pumps = lives > 0 ? random.pick(0, 8) : 1'000; pumps > 0; --pumps) {
            if (!d.pump(random)) break;
            for (auto times = random.pick(0, 3); times > 0; --times) d.idle(random);
        }
        if (lives == 0) d.finish(random);
        add(seen, d.seen());
        late.insert(d.seen().late.begin(), d.seen().late.end());
        for (const auto& r : d.judged()) judged.emplace(std::pair(r.partition, r.offset), r);
        from = d.snapshot();
        now = d.now();
    }
    auto as_judged = work;
    as_judged.log.clear();
    for (const auto& [place, r] : judged) as_judged.log.push_back(r);
    const auto whole = kind.expected(as_judged);
    add(expected, whole);
    ASSERT_EQ(seen, expected);
    ASSERT_EQ(std::vector(late.begin(), late.end()), whole.late);
}

/// The same where windows are told again: in the end each record counts once, or is late.
template <class Kind>
void tells_each_once_despite_idle_partitions(unsigned seed)
{
    random_source random(seed);
    const auto work = workload::pick(random);
    const Kind kind(random);
    auto d = run_with_idle_partitions(random, work, kind);

    last_told told;
    add(told, d.seen());
    oracle::members all;
    for (const auto& [at, value] : told) all = oracle::join()(all, value);
    for (const auto& r : work.log)
        if (std::binary_search(d.seen().late.begin(), d.seen().late.end(),
                std::pair(r.partition, r.offset)))
            all = oracle::join()(all, oracle::members::of(r));
    ASSERT_FALSE(all.twice);
    ASSERT_EQ(all.numbers, (std::uint64_t{1} << work.log.size()) - 1);
}

TEST(WindowsProperty, TumblingAgreesWithTheOracle) { repeat(agrees<tumbling>, many); }
TEST(WindowsProperty, HoppingAgreesWithTheOracle) { repeat(agrees<hopping>, many); }
TEST(WindowsProperty, CumulativeAgreesWithTheOracle) { repeat(agrees<cumulative>, many); }
TEST(WindowsProperty, GlobalAgreesWithTheOracle) { repeat(agrees<global>, many); }
TEST(WindowsProperty, GlobalByCountAgreesWithTheOracle)
{
    repeat(agrees<global_by_count>, many);
}
TEST(WindowsProperty, SessionAgreesWithTheOracle) { repeat(agrees<session>, many); }
TEST(WindowsProperty, SlidingAgreesWithTheOracle) { repeat(agrees<sliding>, many); }
TEST(WindowsProperty, ElementsAgreeWithTheOracle) { repeat(agrees<elements>, many); }
TEST(WindowsProperty, TumblingSurvivesRestarts) { repeat(survives_restarts<tumbling>, each); }
TEST(WindowsProperty, HoppingSurvivesRestarts) { repeat(survives_restarts<hopping>, each); }
TEST(WindowsProperty, CumulativeSurvivesRestarts) { repeat(survives_restarts<cumulative>, each); }
TEST(WindowsProperty, GlobalSurvivesRestarts) { repeat(survives_restarts<global>, each); }
TEST(WindowsProperty, GlobalByCountSurvivesRestarts)
{
    repeat(survives_restarts<global_by_count>, each);
}
TEST(WindowsProperty, SessionSurvivesRestarts) { repeat(survives_restarts<session>, each); }
TEST(WindowsProperty, ElementsSurviveRestarts) { repeat(survives_restarts<elements>, each); }
TEST(WindowsProperty, SlidingSurvivesRestarts) { repeat(survives_restarts<sliding>, each); }
TEST(WindowsProperty, TumblingSurvivesIdlePartitions)
{
    repeat(survives_idle_partitions<tumbling>, each);
}
TEST(WindowsProperty, HoppingSurvivesIdlePartitions)
{
    repeat(survives_idle_partitions<hopping>, each);
}
TEST(WindowsProperty, CumulativeSurvivesIdlePartitions)
{
    repeat(survives_idle_partitions<cumulative>, each);
}
TEST(WindowsProperty, GlobalSurvivesIdlePartitions)
{
    repeat(survives_idle_partitions<global>, each);
}
TEST(WindowsProperty, SessionSurvivesIdlePartitions)
{
    repeat(survives_idle_partitions<session>, each);
}
TEST(WindowsProperty, SlidingSurvivesIdlePartitions)
{
    repeat(survives_idle_partitions<sliding>, each);
}
TEST(WindowsProperty, TumblingWithIdlePartitionsAgreesWithTheOracle)
{
    repeat(agrees_despite_idle_partitions<tumbling>, each);
}
TEST(WindowsProperty, HoppingWithIdlePartitionsAgreesWithTheOracle)
{
    repeat(agrees_despite_idle_partitions<hopping>, each);
}
TEST(WindowsProperty, CumulativeWithIdlePartitionsAgreesWithTheOracle)
{
    repeat(agrees_despite_idle_partitions<cumulative>, each);
}
TEST(WindowsProperty, SlidingWithIdlePartitionsAgreesWithTheOracle)
{
    repeat(agrees_despite_idle_partitions<sliding>, each);
}
TEST(WindowsProperty, SessionWithIdlePartitionsAgreesWithTheOracle)
{
    repeat(agrees_despite_idle_partitions<session>, each);
}
TEST(WindowsProperty, TumblingToldAgainWithIdlePartitionsAgreesWithTheOracle)
{
    repeat(agrees_despite_idle_partitions<allowing<tumbling>>, each);
}
TEST(WindowsProperty, HoppingToldAgainWithIdlePartitionsAgreesWithTheOracle)
{
    repeat(agrees_despite_idle_partitions<allowing<hopping>>, each);
}
TEST(WindowsProperty, CumulativeToldAgainWithIdlePartitionsAgreesWithTheOracle)
{
    repeat(agrees_despite_idle_partitions<allowing<cumulative>>, each);
}
TEST(WindowsProperty, SlidingToldAgainWithIdlePartitionsAgreesWithTheOracle)
{
    repeat(agrees_despite_idle_partitions<allowing<sliding>>, each);
}
TEST(WindowsProperty, SessionsToldAgainWithIdlePartitionsAgreeWithTheOracle)
{
    repeat(agrees_despite_idle_partitions<allowing<session>>, each);
}
TEST(WindowsProperty, TumblingSurvivesRestartsDespiteIdlePartitions)
{
    repeat(tells_the_same_after_restarts_despite_idle_partitions<tumbling>, each);
}
TEST(WindowsProperty, HoppingSurvivesRestartsDespiteIdlePartitions)
{
    repeat(tells_the_same_after_restarts_despite_idle_partitions<hopping>, each);
}
TEST(WindowsProperty, CumulativeSurvivesRestartsDespiteIdlePartitions)
{
    repeat(tells_the_same_after_restarts_despite_idle_partitions<cumulative>, each);
}
TEST(WindowsProperty, SlidingSurvivesRestartsDespiteIdlePartitions)
{
    repeat(tells_the_same_after_restarts_despite_idle_partitions<sliding>, each);
}
TEST(WindowsProperty, SessionSurvivesRestartsDespiteIdlePartitions)
{
    repeat(tells_the_same_after_restarts_despite_idle_partitions<session>, each);
}
TEST(WindowsProperty, TumblingToldAgainSurvivesRestartsDespiteIdlePartitions)
{
    repeat(tells_the_same_after_restarts_despite_idle_partitions<allowing<tumbling>>, each);
}
TEST(WindowsProperty, HoppingToldAgainSurvivesRestartsDespiteIdlePartitions)
{
    repeat(tells_the_same_after_restarts_despite_idle_partitions<allowing<hopping>>, each);
}
TEST(WindowsProperty, CumulativeToldAgainSurvivesRestartsDespiteIdlePartitions)
{
    repeat(tells_the_same_after_restarts_despite_idle_partitions<allowing<cumulative>>, each);
}
TEST(WindowsProperty, SlidingToldAgainSurvivesRestartsDespiteIdlePartitions)
{
    repeat(tells_the_same_after_restarts_despite_idle_partitions<allowing<sliding>>, each);
}
TEST(WindowsProperty, SessionsToldAgainSurviveRestartsDespiteIdlePartitions)
{
    repeat(tells_the_same_after_restarts_despite_idle_partitions<allowing<session>>, each);
}
TEST(WindowsProperty, ElementsSurviveIdlePartitions)
{
    repeat(survives_idle_partitions<elements>, each);
}

TEST(WindowsProperty, TumblingToldAgainAgreesWithTheOracle)
{
    repeat(agrees<allowing<tumbling>>, many);
}
TEST(WindowsProperty, HoppingToldAgainAgreesWithTheOracle)
{
    repeat(agrees<allowing<hopping>>, many);
}
TEST(WindowsProperty, CumulativeToldAgainAgreesWithTheOracle)
{
    repeat(agrees<allowing<cumulative>>, many);
}
TEST(WindowsProperty, SessionsToldAgainAgreeWithTheOracle)
{
    repeat(agrees<allowing<session>>, many);
}
TEST(WindowsProperty, SlidingToldAgainAgreesWithTheOracle)
{
    repeat(agrees<allowing<sliding>>, many);
}
TEST(WindowsProperty, SlidingToldAgainSurvivesRestarts)
{
    repeat(tells_the_same_after_restarts<allowing<sliding>>, each);
}
TEST(WindowsProperty, SessionsToldAgainSurviveRestarts)
{
    repeat(tells_the_same_after_restarts<allowing<session>>, each);
}
TEST(WindowsProperty, SessionsToldAgainSurviveIdlePartitions)
{
    repeat(tells_each_once_despite_idle_partitions<allowing<session>>, each);
}
TEST(WindowsProperty, TumblingToldAgainSurvivesIdlePartitions)
{
    repeat(tells_each_once_despite_idle_partitions<allowing<tumbling>>, each);
}
TEST(WindowsProperty, TumblingToldAgainSurvivesRestarts)
{
    repeat(tells_the_same_after_restarts<allowing<tumbling>>, each);
}
TEST(WindowsProperty, HoppingToldAgainSurvivesRestarts)
{
    repeat(tells_the_same_after_restarts<allowing<hopping>>, each);
}
TEST(WindowsProperty, CumulativeToldAgainSurvivesRestarts)
{
    repeat(tells_the_same_after_restarts<allowing<cumulative>>, each);
}

} // namespace windows_property
