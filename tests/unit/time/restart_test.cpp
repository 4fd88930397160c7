// What is committed of windows and what a restart there comes to, on the virtual clock.

#include <corostream/operators/count.hpp>
#include <corostream/operators/filter.hpp>
#include <corostream/operators/flat_map.hpp>
#include <corostream/operators/reduce.hpp>
#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/operators/split.hpp>
#include <corostream/operators/tap.hpp>
#include <corostream/sinks/for_each.hpp>
#include <corostream/testing/recording_sink.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/elements.hpp>
#include <corostream/time/event_time.hpp>
#include <corostream/time/session.hpp>
#include <corostream/time/sliding.hpp>
#include <corostream/time/tumbling.hpp>
#include <corostream/time/window.hpp>
#include <support/log_source.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace restart {

using reader = log_reader<int>;
using entries = reader::entries;
constexpr auto is_odd = [](int v) { return v % 2 != 0; };

/// Begin and end in seconds, and how many elements.
using told = std::vector<std::array<std::int64_t, 3>>;

auto tell(told& into)
{
    return cs::for_each([&into](auto&& w) {
        into.push_back({w.begin_time().time_since_epoch() / 1s,
            w.end_time().time_since_epoch() / 1s, w.value()});
    });
}

/// Runs a job to its end.
template <class Job>
void finish(Job job)
{
    virtual_run run;
    run.finish(cs::run(job));
}

entries from(std::int64_t offset, const entries& log)
{
    entries left;
    for (const auto& e : log)
        if (e.offset >= offset) left.push_back(e);
    return left;
}

/// What is committed of partition 0 by a run that brings nothing of it.
template <class Make>
log_commit committed_of_a_silent_partition(
    const log_commit& before, const entries& of_the_other, Make make)
{
    reader log;
    log.open(0, before);
    log.open(1, before);
    if (!of_the_other.empty()) log.then_give(1, of_the_other);
    finish(make(log.stream()));
    auto after = before;
    log.commit(0, after);
    return after;
}

TEST(Restart, CommitsWhatWasKnownOfAPartitionThatHasBroughtNothing)
{
    const auto drop = cs::for_each([](auto&&) {});
    for (const auto& other : {entries{}, entries{{50, at(125s), 1}, {51, at(140s), 1}}}) {
        const log_commit by_time{50, {.watermark = at(100s), .emitted = at(120s), .seen = 57}};
        EXPECT_EQ(committed_of_a_silent_partition(by_time, other,
                      [&](auto stream) {
                          return std::move(stream) | cs::event_time(10s) | cs::window(4s)
                               | cs::count() | drop;
                      }),
            by_time);

        const log_commit by_elements{50, {.cuts = {{52}, {55, 1}}}};
        EXPECT_EQ(committed_of_a_silent_partition(by_elements, other,
                      [&](auto stream) {
                          return std::move(stream) | cs::window(cs::elements(3)) | cs::count()
                               | drop;
                      }),
            by_elements);
    }
}

TEST(Restart, TakesNoWindowAsOutThatAPartitionBehindHasOpened)
{
    told seen;
    const auto counts = [&](reader& log) {
        return log.stream() | cs::event_time(0s) | cs::window(10s) | cs::count() | tell(seen);
    };
    log_commit one{10, {.watermark = at(50s), .emitted = at(50s), .seen = 10}};
    const log_commit two{10, {.watermark = at(40s), .emitted = at(40s), .seen = 10}};
    const entries of_one{{10, at(61s), 1}, {11, at(62s), 1}, {12, at(80s), 1}};

    reader before;
    before.open(0);
    before.then_give(0, {{0, at(100s), 1}}).then([&] {
        before.open(1, one);
        before.open(2, two);
        return before.give(1, of_one);
    });
    finish(counts(before));
    before.commit(1, one);
    EXPECT_TRUE(seen.empty());
    EXPECT_EQ(one.offset, 10);
    EXPECT_EQ(one.resume.watermark, at(61s));
    EXPECT_EQ(one.resume.seen, 13);
    EXPECT_GE(one.resume.emitted, at(50s));
    EXPECT_LT(one.resume.emitted, at(70s));

    reader after;
    after.open(1, one);
    after.open(2, two);
    after.then_give(1, of_one).then_give(2, {{10, at(95s), 1}}).then_give(1, {{13, at(95s), 1}});
    finish(counts(after));
    EXPECT_EQ(seen, (told{{60, 70, 2}, {80, 90, 1}}));
}

TEST(Restart, JudgesAPartitionThatComesBackByWhatItsOtherOwnerHasCommitted)
{
    told seen;
    cs::time_counts counts;
    reader log;
    log_commit zero{5, {.watermark = at(50s), .emitted = at(50s), .seen = 5}};
    log.open(0, zero);
    log.open(1, zero);
    log.then_give(0, {{5, at(55s), 1}}).then_give(1, {{5, at(55s), 1}}).then([&] {
        log.revoke(0);
        return log.give(1, {{6, at(56s), 1}});
    });
    log.then([&] {
        EXPECT_TRUE(log.close(0, zero));
        return log.give(1, {{7, at(300s), 1}});
    });
    log.then([&] {
        log.open(0, {50, {.watermark = at(200s), .emitted = at(100s), .seen = 50}});
        return log.give(0, {{50, at(120s), 1}});
    });
    log.then_give(0, {{51, at(290s), 1}});
    finish(log.stream() | cs::event_time(0s) | cs::window(10s).count(counts) | cs::count()
           | tell(seen));
    EXPECT_EQ(seen, (told{{50, 60, 2}}));
    EXPECT_EQ(counts.late, 1U); // the other owner had come to 200 s
    EXPECT_EQ(zero.offset, 5);  // what it had of the open window is read by the other
}

// ---- a branch of a split that has no windows, and takes nothing away from those of the other

/// Of the odd ones two count in [100, 104), one is late, and two are in open windows.
const entries some{{0, at(101s), 1}, {1, at(102s), 2}, {2, at(103s), 1}, {3, at(103s), 2},
    {4, at(104s), 1}, {5, at(118s), 1}, {6, at(105s), 1}, {7, at(119s), 2}};
const log_commit as_without_a_split{5, {.watermark = at(108s), .emitted = at(109s), .seen = 8}};
const told all_of_some{{100, 104, 2}, {104, 108, 1}, {116, 120, 1}};

entries stretch(std::int64_t begin, std::int64_t end)
{
    auto part = from(begin, some);
    std::erase_if(part, [end](const auto& e) { return e.offset >= end; });
    return part;
}

struct outcome {
    told windows;
    cs::time_counts counts;
    log_commit group;
};

template <class Stream>
auto count_windows(Stream stream, outcome& into)
{
    return std::move(stream) | cs::window(4s).count(into.counts) | cs::count()
         | tell(into.windows);
}

/// Runs both branches to their end.
void read_both(reader& log, outcome& into, bool windows_first = true)
{
    virtual_run run;
    auto [odd, even] = cs::split(log.stream() | cs::event_time(10s), is_odd);
    auto windows = count_windows(std::move(odd), into);
    auto plain = std::move(even) | cs::for_each([](int) {});
    task_handle<bool> of_windows, of_plain;
    if (windows_first) of_windows = run.start(cs::run(windows));
    of_plain = run.start(cs::run(plain));
    if (!windows_first) of_windows = run.start(cs::run(windows));
    run.clock.settle();
    result_of(of_windows);
    result_of(of_plain);
}

/// What comes after the crash, read in one go.
void restart(outcome& from_where)
{
    const auto offset = from_where.group.offset;
    reader log;
    log.open(0, from_where.group);
    log.then_give(0, from(offset, some)).then_give(0, {{8, at(130s), 2}});
    read_both(log, from_where);
    EXPECT_EQ(from_where.windows, all_of_some);
    EXPECT_EQ(from_where.counts.late, 1U);
}

/// What is committed of a stream with such branches; of one without windows a restart needs only
/// the watermark.
log_commit with_branches(log_commit common, const std::vector<log_commit>& branches)
{
    for (auto b : branches) {
        if (b.resume.seen < 0) b.resume.seen = cs::nothing_held;
        common.resume.branches.push_back({b.offset, b.resume});
    }
    return common;
}

TEST(Restart, OfWindowsInABranchOfASplitFindsWhatItWouldFindWithoutTheSplit)
{
    {
        outcome alone;
        reader log;
        log.open(0);
        log.then_give(0, some).then([&] {
            log.commit(0, alone.group);
            return cs::pumped::stop;
        });
        finish(count_windows(
            log.stream() | cs::event_time(10s) | cs::filter(is_odd), alone));
        EXPECT_EQ(alone.group, as_without_a_split);
    }
    outcome seen;
    reader log;
    log.open(0);
    log.then_give(0, some).then([&] { // the crash: this is what is committed by then
        log.commit(0, seen.group);
        return cs::pumped::stop;
    });
    read_both(log, seen);
    EXPECT_EQ(seen.group, with_branches(as_without_a_split, {as_without_a_split, {8, {at(109s)}}}));
    restart(seen);
}

TEST(Restart, OfWindowsKnowsTheWatermarkOfWhatOnlyTheOtherBranchHasGot)
{
    outcome seen;
    reader before;
    before.open(0);
    before.then_give(0, {{0, at(114s), 2}}).then([&] {
        before.commit(0, seen.group);
        return cs::pumped::stop;
    });
    read_both(before, seen);
    const log_commit of_windows{1, {.watermark = at(104s), .emitted = at(104s), .seen = 1}};
    EXPECT_EQ(seen.group, with_branches(of_windows, {of_windows, {1, {at(104s)}}}));

    reader after;
    after.open(0, seen.group);
    after.then_give(0, {{1, at(103s), 1}, {2, at(104s), 1}, {3, at(130s), 2}});
    read_both(after, seen);
    EXPECT_EQ(seen.windows, (told{{104, 108, 1}}));
    EXPECT_EQ(seen.counts.late, 1U);
}

/// The plain branch has one batch, with a sink that wants so many of it; then come the windows.
outcome crash_with_a_plain_branch_behind(reader& log, std::size_t wanted)
{
    outcome seen;
    log.then([&] {
        log.commit(0, seen.group);
        return cs::pumped::stop;
    });
    virtual_run run;
    auto [odd, even] = cs::split(log.stream() | cs::event_time(10s), is_odd);
    auto windows = count_windows(std::move(odd), seen);
    auto plain = std::move(even).release();
    cs::testing::recording<int> sink(wanted);
    while (sink.elements().empty())
        EXPECT_EQ(run.finish(plain.pump(sink.sink(), cs::never)), cs::pumped::items);
    cs::cursor done;
    cs::take_snapshot(plain, done);
    plain.source().acknowledge(done);
    run.finish(cs::run(windows));
    return seen;
}

TEST(Restart, OfWindowsBeginsWhereABranchWithoutWindowsHasComeTo)
{
    reader log;
    log.open(0);
    log.then_give(0, stretch(0, 3)).then_give(0, stretch(3, 8));
    auto seen = crash_with_a_plain_branch_behind(log, 100);
    EXPECT_EQ(seen.windows, (told{{100, 104, 2}, {104, 108, 1}}));
    const log_commit both{3, {.watermark = at(93s), .emitted = at(109s), .seen = 8}};
    EXPECT_EQ(seen.group, with_branches(both, {as_without_a_split, {3, {at(93s)}}}));
    restart(seen);
}

TEST(Restart, OfWindowsBeginsWhereASinkHasCutABatchOfABranchWithoutWindows)
{
    reader log;
    log.open(0);
    log.then_give(0, stretch(0, 1)).then_give(0, stretch(1, 8));
    auto seen = crash_with_a_plain_branch_behind(log, 1);
    EXPECT_EQ(seen.windows, (told{{100, 104, 2}, {104, 108, 1}}));
    const log_commit both{3, {.watermark = at(93s), .emitted = at(109s), .seen = 8}};
    EXPECT_EQ(seen.group, with_branches(both, {as_without_a_split, {3, {at(93s)}}}));
    restart(seen);
}

TEST(Restart, FindsWhatOpenWindowsOfABranchHadAtAGracefulStop)
{
    for (const bool windows_first : {false, true}) {
        outcome seen;
        reader log;
        log.open(0);
        log.then_give(0, {{0, at(101s), 1}, {1, at(102s), 2}, {2, at(103s), 1}});
        read_both(log, seen, windows_first);
        log.commit(0, seen.group);
        EXPECT_TRUE(seen.windows.empty());
        EXPECT_EQ(seen.group.offset, 0);
    }
}

// ---- empty windows

TEST(Restart, TellsNoEmptyWindowsBeforeTheFirst)
{
    const entries log{{0, at(1000s), 1}, {1, at(1001s), 1}, {2, at(1040s), 1}};
    told seen;
    log_commit group;
    for (const int read : {2, 3}) {
        reader part;
        part.open(0, group);
        auto batch = from(group.offset, log);
        std::erase_if(batch, [=](const auto& e) { return e.offset >= read; });
        part.then_give(0, batch);
        finish(part.stream() | cs::event_time(30s) | cs::window(10s).emit_empty() | cs::count()
               | tell(seen));
        part.commit(0, group);
    }
    EXPECT_EQ(seen, (told{{1000, 1010, 2}}));
}

constexpr int in_the_gap = 1'000'000;

template <class Counts>
asio::awaitable<void> read_the_gap(Counts counts, cs::time_source* clock, int* made)
{
    for (int seen = 0; seen < in_the_gap; ++seen) {
        const auto w = co_await counts.next();
        EXPECT_LE(*made - seen, 1024); // are waiting, or will never come
        EXPECT_EQ(w->value(), seen == 0);
        EXPECT_EQ(w->begin_time(), at(std::chrono::seconds(seen)));
        if (testing::Test::HasFailure()) co_return;
    }
    EXPECT_EQ(clock->now(), at(0s)); // nothing more has come
    const auto last = co_await counts.next();
    EXPECT_EQ(last->value(), 1);
    EXPECT_EQ(clock->now(), at(1h));
    EXPECT_FALSE(co_await counts.next());
}

TEST(Restart, BringsEmptyWindowsOverAGapBitByBit)
{
    int made = 0;
    cs::testing::script<int> input;
    input.timed(0, 0, {{1, 0s}, {2, std::chrono::seconds(in_the_gap)}}).wait_until(at(1h)).end();
    virtual_run run;
    run.finish(read_the_gap(input.stream() | cs::event_time(0s) | cs::window(1s).emit_empty()
                                | cs::count() | cs::tap([&made](const auto&) { ++made; }),
        &run.clock, &made));
}

// ---- elements that were told before a restart, and do not come again

/// The windows of three that are told of partitions 0 and 1, where 0 goes on as `group` says and
/// brings `batch` and where that leaves off, and the other one six elements.
told windows_of_three(const log_commit& group, const entries& batch, std::int64_t next)
{
    told seen;
    reader log;
    log.open(0, group);
    log.open(1);
    log.then_give(0, batch, next);
    log.then_give(1, {{0, {}, 1}, {1, {}, 1}, {2, {}, 1}, {3, {}, 1}, {4, {}, 1}, {5, {}, 1}});
    finish(log.stream() | cs::window(cs::elements(3)) | cs::count() | tell(seen));
    return seen;
}

TEST(Restart, WaitsForNoElementsThatAreBeforeWhatIsRead)
{
    // at most once: 60 was claimed when windows had come to 50
    EXPECT_EQ(windows_of_three({60, {.cuts = {{52}, {55}}}}, {}, -1).size(), 2U);
}

TEST(Restart, WaitsForNoElementsThatTheLogHasLost)
{
    const log_commit group{50, {.cuts = {{52}, {55}}}};
    const entries later{{60, {}, 1}, {61, {}, 1}, {62, {}, 1}};
    EXPECT_EQ(windows_of_three(group, later, -1).size(), 3U);
    EXPECT_EQ(windows_of_three(group, {}, 60).size(), 2U); // all of it
    // 55 was compacted away: a later one of its key is on its way
    EXPECT_EQ(windows_of_three(group, {{50, {}, 1}, {52, {}, 1}, {53, {}, 1}}, 56).size(), 2U);
    // and the record that 52 was
    const entries without_it{
        {50, {}, 1}, {55, {}, 1}, {56, {}, 1}, {57, {}, 1}, {58, {}, 1}};
    EXPECT_EQ(windows_of_three(group, without_it, -1).size(), 3U);
}

TEST(Restart, WaitsForElementsThatAreStillToCome)
{
    const log_commit group{50, {.cuts = {{52}, {55}}}};
    EXPECT_EQ(windows_of_three(group, {{50, {}, 1}, {52, {}, 1}}, -1).size(), 0U);
}

// ---- what was too far ahead

TEST(Restart, RefusesAgainWhatWasTooFarAheadBefore)
{
    const entries log{{0, at(100s), 1}, {1, at(195s), 1}, {2, at(101s), 1}, {3, at(300s), 1}};
    told seen;
    std::vector<int> refused;
    cs::time_counts counts;
    log_commit group;
    for (const auto& [now, read] : {std::pair(101s, 3), std::pair(300s, 4)}) {
        virtual_run run(at(now));
        reader part;
        part.open(0, group);
        auto batch = from(group.offset, log);
        std::erase_if(batch, [end = read](const auto& e) { return e.offset >= end; });
        part.then_give(0, batch);
        auto job = part.stream()
                 | cs::event_time(0s).max_future(10s, [&](int v) { refused.push_back(v); })
                 | cs::window(20s).count(counts) | cs::count() | tell(seen);
        run.finish(cs::run(job));
        part.commit(0, group);
    }
    EXPECT_EQ(seen, (told{{100, 120, 2}}));
    EXPECT_EQ(refused.size(), 1U);
    EXPECT_EQ(counts.late, 0U);
}

/// Takes an element, or throws; meanwhile there are commits, as there may be at any time.
asio::awaitable<void> take(int v, bool comes_through, reader* log, log_commit* group)
{
    log->commit(0, *group);
    if (!comes_through) throw std::runtime_error("no room for " + std::to_string(v));
    co_return;
}

/// Reads on, and gives what is too far ahead, the third, to `take_on(value, reader)`. Returns
/// whether that went well.
template <class TakeOn>
bool read_one_too_far_ahead(log_commit& group, TakeOn take_on)
{
    virtual_run run(at(100s));
    reader part;
    part.open(0, group);
    part.then_give(0, from(group.offset, {{0, at(90s), 1}, {1, at(95s), 2}}));
    part.then_give(0, {{2, at(200s), 3}});
    const auto divert = [&](int v) { return take_on(v, &part); };
    auto job
        = part.stream() | cs::event_time(0s).max_future(10s, divert) | cs::for_each([](int) {});
    const auto done = run.start(cs::run(job));
    run.clock.advance_to_next();
    part.commit(0, group);
    return !done->error;
}

/// One that takes it on is told of it again after a restart, if it had not come through.
TEST(Restart, TellsACoroutineOfWhatWasTooFarAheadUntilItHasTakenIt)
{
    log_commit group;
    std::vector<int> told_of;
    const auto attempt = [&](bool comes_through) {
        return read_one_too_far_ahead(group, [&](int v, reader* part) {
            told_of.push_back(v);
            return take(v, comes_through, part, &group);
        });
    };
    EXPECT_FALSE(attempt(false));
    EXPECT_EQ(group.offset, 2);
    EXPECT_TRUE(attempt(true));
    EXPECT_EQ(told_of, (std::vector{3, 3}));
    EXPECT_EQ(group.offset, 3);
}

TEST(Restart, TellsAFunctionAgainThatHadThrownForWhatWasTooFarAhead)
{
    log_commit group;
    std::vector<int> told_of;
    for (const bool throws : {true, false}) {
        const bool went_well = read_one_too_far_ahead(group, [&](int v, reader*) {
            told_of.push_back(v);
            if (throws) throw std::runtime_error("no room");
        });
        EXPECT_EQ(went_well, !throws);
        EXPECT_EQ(group.offset, throws ? 2 : 3);
    }
    EXPECT_EQ(told_of, (std::vector{3, 3}));
}

TEST(Restart, RefusesAgainOnlyThoseOfARecordThatWereTooFarAhead)
{
    told seen;
    log_commit group;
    for (const bool again : {false, true}) {
        virtual_run run(at(again ? 500s : 100s));
        log_reader<std::vector<int>> part;
        part.open(0, group);
        part.then_give(0, {{0, at(90s), {90, 300}}});
        if (again) part.then_give(0, {{1, at(99s), {310}}});
        auto job = part.stream() | cs::flat_map(std::identity())
                 | cs::event_time([](int v) { return at(std::chrono::seconds(v)); }, 0s)
                       .max_future(10s)
                 | cs::window(10s) | cs::count() | tell(seen);
        run.finish(cs::run(job));
        part.commit(0, group);
    }
    EXPECT_EQ(seen, (told{{90, 100, 1}}));
}

// ---- what the clock has closed

/// By the log alone 0 and 5 would be one session; but the first was closed while nothing came.
TEST(Restart, LeavesASessionClosedThatWasWhileItsPartitionWasIdle)
{
    using pair = std::pair<int, int>;
    using log_of_pairs = log_reader<pair>;
    const log_of_pairs::entries log{
        {0, at(9s), {1, 1}}, {1, at(0s), {2, 1}}, {2, at(5s), {2, 1}}, {3, at(300s), {1, 1}}};
    std::map<std::array<std::int64_t, 3>, int> last;
    const auto sums = [&](log_of_pairs& part) {
        return part.stream() | cs::event_time(10s).idle_after(1s) | cs::window(cs::session(10s))
             | cs::reduce_by_key(std::plus<>()) | cs::for_each([&last](const auto& w) {
                   for (const auto& [key, sum] : w)
                       last[{w.begin_time().time_since_epoch() / 1s,
                           w.end_time().time_since_epoch() / 1s, key}]
                           = sum;
               });
    };
    log_commit group;
    {
        virtual_run run;
        log_of_pairs part;
        part.open(0);
        part.then_give(0, {log[0], log[1]}).then([&] {
            run.clock.advance_to(at(21'500ms));
            part.prove_empty(0, run.clock.now());
            return cs::pumped::timeout;
        });
        part.then_give(0, {log[2]}).then([&] {
            part.commit(0, group);
            return cs::pumped::stop;
        });
        auto job = sums(part);
        run.finish(cs::run(job));
    }
    EXPECT_EQ(group.offset, 0);
    EXPECT_EQ(last.size(), 1U);
    virtual_run run(at(30s));
    log_of_pairs part;
    part.open(0, group);
    part.then_give(0, log).then([] { return cs::pumped::end; });
    auto job = sums(part);
    run.finish(cs::run(job));
    const std::map<std::array<std::int64_t, 3>, int> expected{
        {{0, 10, 2}, 1}, {{5, 15, 2}, 1}, {{9, 19, 1}, 1}, {{300, 310, 1}, 1}};
    EXPECT_EQ(last, expected);
}

// ---- what was flushed

TEST(Restart, OfABoundedReadTellsNoWindowAgainForAPartitionThatWasSilent)
{
    log_commit one, two;
    told seen;
    cs::time_counts counts;
    const auto read = [&](const entries& of_one, const entries& of_two) {
        reader log;
        log.open(0, one);
        log.open(1, two);
        log.then([&] {
            if (!of_one.empty()) log.give(0, of_one);
            if (!of_two.empty()) log.give(1, of_two);
            log.finish(0);
            log.finish(1);
            return cs::pumped::end;
        });
        finish(log.stream() | cs::event_time(0s) | cs::window(10s).count(counts) | cs::count()
               | tell(seen));
        log.commit(0, one);
        log.commit(1, two);
    };
    read({{0, at(100s), 1}}, {{0, at(100s), 1}});
    read({{1, at(115s), 1}}, {});
    read({{2, at(117s), 1}}, {{1, at(116s), 1}});
    EXPECT_EQ(seen, (told{{100, 110, 2}, {110, 120, 1}}));
    EXPECT_EQ(counts.late, 2U);
}

// ---- a partition that comes when others are ahead

TEST(Restart, OfAPartitionThatIsBehindFindsNothingLaterInWindowsThatSlide)
{
    told seen;
    reader log;
    log.open(0);
    log.then_give(0, {{0, at(100s), 1}, {1, at(101s), 1}}).then([&] {
        log.open(1);
        return log.give(1, {{0, at(50s), 1}, {1, at(102s), 1}});
    });
    finish(log.stream() | cs::event_time(0s) | cs::window(cs::sliding(10s)) | cs::count()
           | tell(seen));
    EXPECT_EQ(seen, (told{{90, 100, 1}, {40, 50, 1}}));
}

/// Without event time, and where the branch that is ahead has just filled a window.
TEST(Restart, OfABranchWithWindowsOfElementsGoesOnWhereItWas)
{
    const entries log{{0, {}, 1}, {1, {}, 2}, {2, {}, 4}, {3, {}, 3}, {4, {}, 5}, {5, {}, 7},
        {6, {}, 9}, {7, {}, 11}};
    log_commit group;
    std::vector<int> digits;
    for (const bool again : {false, true}) {
        virtual_run run;
        reader part;
        part.open(0, group);
        for (const auto& e : from(group.offset, log))
            if (again || e.offset < 5) part.then_give(0, {e});
        for (int seconds = 0; seconds < 5; ++seconds)
            part.then([&] {
                run.clock.advance_to(run.clock.now() + 1s);
                return cs::pumped::timeout;
            });
        auto [odd, even] = cs::split(part.stream(), is_odd);
        auto windows = std::move(odd) | cs::window(cs::elements(3))
                     | cs::reduce([](int a, int b) { return 100 * a + b; })
                     | cs::for_each([&](auto&& w) { digits.push_back(*w.value()); });
        auto plain = std::move(even).release();
        cs::testing::recording<int> sink(1);
        auto of_windows = run.start(cs::run(windows));
        cs::cursor done; // the plain branch takes one and no more
        run.finish(plain.pump(sink.sink(), cs::never));
        cs::take_snapshot(plain, done);
        plain.source().acknowledge(done);
        run.clock.settle();
        part.commit(0, group);
    }
    EXPECT_EQ(digits, (std::vector{10305, 70911}));
}

/// What was only told early, of a partition that then went, is not out.
TEST(Restart, OfABoundedReadKnowsWhatWasToldEarlyOnly)
{
    log_commit group;
    told seen;
    cs::time_counts counts;
    for (const bool again : {false, true}) {
        virtual_run run;
        reader log;
        log.open(0, group);
        if (again) log.then_give(0, {{1, at(105s), 1}});
        else {
            log.open(1);
            log.then_give(0, {{0, at(95s), 1}}).then_give(1, {{0, at(105s), 1}});
            log.then([&] {
                run.clock.advance_to(at(2s));
                return cs::pumped::timeout;
            });
            log.then([&] {
                log.revoke(1);
                return cs::pumped::items;
            });
        }
        log.then([&] {
            log.finish(0);
            return cs::pumped::end;
        });
        auto job = log.stream() | cs::event_time(0s) | cs::window(10s).count(counts).early(1s)
                 | cs::count() | tell(seen);
        run.finish(cs::run(job));
        log.commit(0, group);
    }
    EXPECT_EQ(seen, (told{{90, 100, 1}, {100, 110, 1}, {90, 100, 1}, {100, 110, 1}}));
    EXPECT_EQ(counts.late, 0U);
}

/// As a member of a group loses it and gets it back at once.
TEST(Restart, OfAPartitionInTheSamePumpAsItsLossIsCommittedOfABranchToo)
{
    outcome seen;
    reader log;
    log.open(0);
    log.then_give(0, {{0, at(114s), 1}}).then([&] {
        log.revoke(0);
        log.close(0, seen.group);
        log.open(0);
        log.give(0, {{0, at(114s), 1}, {1, at(125s), 2}});
        return cs::pumped::stop;
    });
    read_both(log, seen);
    log.commit(0, seen.group);
    EXPECT_EQ(seen.group.offset, 0);
    EXPECT_EQ(seen.group.resume.branches.at(1).offset, 2);
}

} // namespace restart
