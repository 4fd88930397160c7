// Windows by event time against a plain oracle, in very many small cases.
//
// A case that fails prints WINDOWS_SEED=n; with that in the environment only this case is run.
// WINDOWS_CASES sets how many there are of each kind, 20,000 or 200,000 otherwise, WINDOWS_FROM the
// first.

#include "window_oracle.hpp"

#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/time/cumulative.hpp>
#include <corostream/time/detail/pane_state.hpp>
#include <corostream/time/elements.hpp>
#include <corostream/time/event_clock.hpp>
#include <corostream/time/global.hpp>
#include <corostream/time/hopping.hpp>
#include <corostream/time/session.hpp>
#include <corostream/time/sliding.hpp>
#include <corostream/time/tumbling.hpp>
#include <support/environment.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace windows_property {

using namespace std::chrono_literals;
using cs::detail::verdict;
using oracle::record;

using row = std::pair<int, oracle::members>;
using reduction = cs::detail::keyed_reduction<row, int, oracle::members, cs::detail::as_pair,
    oracle::join>;

cs::time_point at(std::int64_t since) { return cs::time_point(cs::duration(since)); }
std::int64_t since(cs::time_point t) { return t.time_since_epoch().count(); }

class random_source {
public:
    explicit random_source(unsigned seed)
        : engine_(seed)
    {
    }
    std::int64_t pick(std::int64_t low, std::int64_t high)
    {
        return std::uniform_int_distribution(low, high)(engine_);
    }
    bool one_in(std::int64_t n) { return pick(1, n) == 1; }

private:
    std::mt19937 engine_;
};

/// What all kinds are tried on.
struct workload {
    oracle::log log;
    int partitions;
    std::int64_t bound;
    bool emit_empty;

    static workload pick(random_source& random)
    {
        workload w{.log = {},
            .partitions = static_cast<int>(random.pick(1, 4)),
            .bound = random.one_in(3) ? 0 : random.pick(0, 10),
            .emit_empty = random.one_in(4)};
        const auto keys = static_cast<int>(random.pick(1, 4));
        const auto disorder = random.pick(0, 30), pace = random.pick(0, 6);
        // around the epoch, before it, now, and as far as times go
        const std::int64_t begins[] = {0, 0, -40, -4'000'000'000'000'000, 1'700'000'000'000'000,
            std::int64_t{1} << 61, -(std::int64_t{1} << 61)};
        const auto begin = begins[random.pick(0, 6)];
        const auto records = random.one_in(8) ? random.pick(0, 2) : random.pick(1, 40);
        std::vector<std::int64_t> now, offsets;
        for (int p = 0; p < w.partitions; ++p) {
            now.push_back(begin + random.pick(0, 20));
            offsets.push_back(random.pick(0, 5));
        }
        for (int i = 0; i < records; ++i) {
            const auto p = static_cast<std::size_t>(random.pick(0, w.partitions - 1));
            now[p] += random.pick(0, pace);
            // years ahead, which makes nearly everything late
            if (!w.emit_empty && random.one_in(200)) now[p] += 1'000'000'000'000'000;
            const auto time = random.one_in(3) ? now[p] - random.pick(0, disorder) : now[p];
            w.log.push_back({static_cast<cs::partition_id>(p), offsets[p], time,
                static_cast<int>(random.pick(1, keys)), i});
            offsets[p] += random.one_in(6) ? random.pick(2, 4) : 1;
        }
        std::sort(w.log.begin(), w.log.end(), [](const record& a, const record& b) {
            return std::tie(a.partition, a.offset) < std::tie(b.partition, b.offset);
        });
        return w;
    }
};

/// What a restart finds.
struct checkpoint {
    std::int64_t offset = std::numeric_limits<std::int64_t>::min();
    cs::resume_point resume{};
};

/// Drives the windows as the stages do, over a log read in random turns and batches.
template <class State>
class driver {
public:
    driver(const workload& work, State state, std::map<cs::partition_id, checkpoint> from = {},
        cs::duration idle_after = cs::duration::max())
        : work_(work)
        , state_(std::move(state))
        , clock_(cs::duration(work.bound), idle_after)
        , from_(std::move(from))
    {
        for (int p = 0; p < work.partitions; ++p) {
            standings_.push_back({.partition = p});
            auto& left = left_.emplace_back();
            for (const auto& r : work.log)
                if (r.partition == p && r.offset >= from_[p].offset) left.push_back(r);
        }
    }

    /// A pump; false if nothing is left to read.
    bool pump(random_source& random)
    {
        std::vector<std::size_t> more;
        for (std::size_t p = 0; p < left_.size(); ++p)
            if (!left_[p].empty()) more.push_back(p);
        if (more.empty()) return false;
        auto& left = left_[more[static_cast<std::size_t>(
            random.pick(0, static_cast<std::int64_t>(more.size()) - 1))]];
        const auto size = std::min(left.size(), static_cast<std::size_t>(random.pick(1, 12)));
        batch(left.front().partition, left, size);
        left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(size));
        if (random.one_in(4)) return true; // a pump may bring several batches
        clock_.update(standings_, now_);
        state_.fire(clock_.watermark(), emit(random));
        if (random.one_in(4)) snapshot(); // as for a commit, which lets go of what it tells
        return true;
    }

    /// Time goes by, and it is proved of some partitions that they have nothing more for now.
    void idle(random_source& random)
    {
        now_ += cs::duration(random.pick(0, 8));
        for (auto& s : standings_)
            if (random.one_in(3)) s.caught_up = now_;
        if (random.one_in(3)) return;
        clock_.update(standings_, now_);
        state_.fire(clock_.watermark(), emit(random));
    }
    void begin_at(std::int64_t now) { now_ = at(now); }

    /// The watermark of the stream and those of its partitions.
    std::vector<cs::time_point> watermarks() const
    {
        std::vector all{clock_.watermark()};
        for (const auto& s : standings_) all.push_back(clock_.of(s.partition));
        return all;
    }

    void finish(random_source& random)
    {
        clock_.update(standings_, now_);
        do state_.flush(clock_.watermark(), emit(random));
        while (state_.next_end() != cs::never);
        std::sort(seen_.late.begin(), seen_.late.end());
    }

    /// As `window_stage` does, for the partitions that something was read of.
    std::map<cs::partition_id, checkpoint> snapshot()
    {
        auto all = from_;
        for (const auto& [p, read] : read_) {
            const auto held = state_.hold(p);
            auto& c = all[p];
            c.offset = std::min(read, held.offset);
            c.resume.emitted = state_.emitted(p);
            c.resume.seen = std::max(read, state_.seen(p));
            c.resume.watermark = held.offset == c.offset ? held.watermark : clock_.of(p);
            if constexpr (requires { state_.cuts(p, c.offset); })
                c.resume.cuts = state_.cuts(p, c.offset);
        }
        return all;
    }

    const oracle::outcome& seen() const { return seen_; }
    /// The log, with what was out when each record came.
    const oracle::log& judged() const { return judged_; }

private:
    void batch(cs::partition_id p, const std::vector<record>& records, std::size_t size)
    {
        if (!clock_.knows(p)) clock_.resume(p, from_[p].resume.watermark);
        clock_.open(p, now_);
        if (!state_.owns(p)) {
            state_.resume(p, from_[p].resume.emitted, from_[p].resume.seen);
            if constexpr (requires { state_.cuts(p, 0); })
                state_.resume_cuts(p, from_[p].resume.cuts);
        }
        state_.open(p);
        for (std::size_t i = 0; i < size; ++i) {
            const auto& r = records[i];
            clock_.observe(at(r.time));
            judged_.push_back(r);
            judged_.back().out
                = std::max(since(clock_.at_hand()), since(state_.emitted(p)));
            const auto found = state_.add(
                {at(r.time), clock_.at_hand(), r.offset}, row(r.key, oracle::members::of(r)));
            if (found == verdict::late) seen_.late.emplace_back(p, r.offset);
            read_[p] = r.offset + 1;
        }
    }

    auto emit(random_source& random)
    {
        return [this, &random](auto&& r) {
            const bool early = r.emission() == cs::emission::early;
            seen_.results.push_back({since(r.begin_time()), since(r.end_time()), early, {}});
            seen_.results.back().again = r.emission() == cs::emission::update;
            seen_.results.back().back = r.emission() == cs::emission::retracted;
            for (const auto& [key, value] : r) seen_.results.back().rows.emplace_back(key, value);
            return !random.one_in(5); // no more for now
        };
    }

    const workload& work_;
    State state_;
    cs::event_clock clock_;
    cs::time_point now_{};
    std::vector<cs::partition_standing> standings_;
    std::map<cs::partition_id, checkpoint> from_;
    std::vector<std::vector<record>> left_;
    std::map<cs::partition_id, std::int64_t> read_;
    oracle::outcome seen_;
    oracle::log judged_;
};

template <class Windows>
auto panes(const Windows& windows, const workload& w)
{
    return cs::detail::pane_state<Windows, reduction>(
        windows, {.emit_empty = w.emit_empty}, reduction({}, {}));
}

std::int64_t pick_offset(random_source& random, std::int64_t size)
{
    return random.one_in(2) ? 0 : random.pick(1 - size, size - 1);
}

struct tumbling {
    std::int64_t size, offset;

    explicit tumbling(random_source& random)
        : size(random.pick(1, 20))
        , offset(pick_offset(random, size))
    {
    }
    auto state(const workload& w) const
    {
        return panes(windows(), w);
    }
    cs::tumbling windows() const { return cs::tumbling(cs::duration(size), cs::duration(offset)); }
    auto windows_of(std::int64_t time) const { return oracle::hopping(size, size, offset, time); }
    auto end_after(std::int64_t time) const { return windows_of(time).at(0).second; }
    oracle::outcome expected(const workload& w) const
    {
        auto o = oracle::on_a_grid(
            w.log, w.bound, [&](auto time) { return windows_of(time); });
        if (w.emit_empty)
            oracle::add_empty(
                o.results, [&](auto end) { return end + size; },
                [&](auto end) { return end - size; });
        return o;
    }
};

struct hopping {
    std::int64_t size, hop, offset;

    explicit hopping(random_source& random)
        : size(random.pick(1, 20))
        , hop(random.pick(1, size))
        , offset(pick_offset(random, hop))
    {
    }
    auto state(const workload& w) const { return panes(windows(), w); }
    cs::hopping windows() const
    {
        return {cs::duration(size), cs::duration(hop), cs::duration(offset)};
    }
    auto windows_of(std::int64_t time) const { return oracle::hopping(size, hop, offset, time); }
    auto end_after(std::int64_t time) const { return windows_of(time).at(0).second; }
    oracle::outcome expected(const workload& w) const
    {
        auto o = oracle::on_a_grid(
            w.log, w.bound, [&](auto time) { return windows_of(time); });
        if (w.emit_empty)
            oracle::add_empty(
                o.results, [&](auto end) { return end + hop; },
                [&](auto end) { return end - size; });
        return o;
    }
};

struct cumulative {
    std::int64_t step, size, offset;

    explicit cumulative(random_source& random)
        : step(random.pick(1, 6))
        , size(step * random.pick(1, 5))
        , offset(pick_offset(random, size))
    {
    }
    auto state(const workload& w) const
    {
        return panes(windows(), w);
    }
    cs::cumulative windows() const
    {
        return {cs::duration(step), cs::duration(size), cs::duration(offset)};
    }
    auto windows_of(std::int64_t time) const
    {
        return oracle::cumulative(step, size, offset, time);
    }
    auto end_after(std::int64_t time) const { return windows_of(time).at(0).second; }
    oracle::outcome expected(const workload& w) const
    {
        auto o = oracle::on_a_grid(
            w.log, w.bound, [&](auto time) { return windows_of(time); });
        if (w.emit_empty)
            oracle::add_empty(
                o.results, [&](auto end) { return end + step; },
                [&](auto end) { return oracle::cumulative(step, size, offset, end - 1)[0].first; });
        return o;
    }
};

struct global {
    std::int64_t step;

    explicit global(random_source& random)
        : step(random.pick(1, 20))
    {
    }
    auto state(const workload&) const
    {
        return cs::detail::pane_state<cs::global<cs::every_duration>, reduction>(
            cs::global(cs::every(cs::duration(step))), {}, reduction({}, {}));
    }
    oracle::outcome expected(const workload& w) const
    {
        return oracle::global(
            w.log, w.bound, step, oracle::last_watermark(w.log, w.bound, w.partitions));
    }
};

struct session {
    std::int64_t gap;

    explicit session(random_source& random)
        : gap(random.pick(1, 20))
    {
    }
    auto state(const workload&) const
    {
        return cs::detail::session_state<cs::session, reduction, false>(
            cs::session(cs::duration(gap)), {}, reduction({}, {}));
    }
    oracle::outcome expected(const workload& w) const
    {
        return oracle::sessions(w.log, w.bound, gap);
    }
};

/// Sessions that are told again for late records.
struct session_allowing {
    std::int64_t gap, late;

    explicit session_allowing(random_source& random)
        : gap(random.pick(1, 20))
        , late(random.pick(0, 25))
    {
    }
    auto state(const workload&) const
    {
        return cs::detail::session_state<cs::session, reduction, true>(cs::session(
                                                                           cs::duration(gap)),
            {.allowed = cs::duration(late)}, reduction({}, {}));
    }
    oracle::outcome expected(const workload& w) const
    {
        return oracle::sessions_allowing(w.log, w.bound, gap, late);
    }
};

struct sliding {
    std::int64_t size;

    explicit sliding(random_source& random)
        : size(random.pick(1, 20))
    {
    }
    auto state(const workload&) const
    {
        return cs::detail::sliding_state<cs::sliding, reduction, false>(
            cs::sliding(cs::duration(size)), {}, reduction({}, {}));
    }
    oracle::outcome expected(const workload& w) const
    {
        return oracle::sliding(w.log, w.bound, size);
    }
};

/// Windows that slide, and are told again for late records.
struct sliding_allowing {
    std::int64_t size, late;

    explicit sliding_allowing(random_source& random)
        : size(random.pick(1, 20))
        , late(random.pick(0, 25))
    {
    }
    auto state(const workload&) const
    {
        return cs::detail::sliding_state<cs::sliding, reduction, true>(
            cs::sliding(cs::duration(size)), {.allowed = cs::duration(late)}, reduction({}, {}));
    }
    oracle::outcome expected(const workload& w) const
    {
        return oracle::sliding_allowing(w.log, w.bound, size, late);
    }
};

struct elements {
    std::int64_t size, hop;

    explicit elements(random_source& random)
        : size(random.pick(1, 8))
        , hop(random.one_in(2) ? size : random.pick(1, size))
    {
    }
    auto state(const workload&) const
    {
        return cs::detail::count_state<cs::elements, reduction>(
            cs::elements(size, hop), {}, reduction({}, {}));
    }
    oracle::outcome expected(const workload& w) const
    {
        return oracle::elements(w.log, w.bound, size, hop);
    }
};

/// Windows that are told again for late records.
template <class Kind>
struct allowing {
    Kind kind;
    std::int64_t late;

    explicit allowing(random_source& random)
        : kind(random)
        , late(random.pick(0, 25))
    {
    }
    auto state(const workload&) const
    {
        using windows = decltype(kind.windows());
        return cs::detail::pane_state<windows, reduction, true>(
            kind.windows(), {.allowed = cs::duration(late)}, reduction({}, {}));
    }
    oracle::outcome expected(const workload& w) const
    {
        return oracle::allowing(
            w.log, w.bound, late, [&](auto time) { return kind.windows_of(time); },
            [&](auto time) { return kind.end_after(time); });
    }
};

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

/// Reads all, and is stopped and begun again in between; `each` sees what every life has told.
/// Returns what was late.
template <class Kind, class Each>
auto run_with_restarts(random_source& random, const workload& work, const Kind& kind, Each each)
{
    decltype(oracle::outcome::late) late;
    const auto note = [&](const oracle::outcome& seen) {
        each(seen);
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
    if constexpr (std::is_same_v<Kind, global>) {
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
    std::sort(judged.log.begin(), judged.log.end(), [](const record& a, const record& b) {
        return std::tie(a.partition, a.offset) < std::tie(b.partition, b.offset);
    });
    const auto expected = kind.expected(judged);
    ASSERT_EQ(d.seen().results, expected.results);
    ASSERT_EQ(d.seen().late, expected.late);
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

void repeat(void (*property)(unsigned), unsigned cases)
{
    const auto only = number_from_environment("WINDOWS_SEED", 0);
    const auto first = number_from_environment("WINDOWS_FROM", 1);
    const auto last = first + number_from_environment("WINDOWS_CASES", cases);
    for (auto seed = only ? only : first; seed < (only ? only + 1 : last); ++seed) {
        property(seed);
        if (testing::Test::HasFailure()) FAIL() << "WINDOWS_SEED=" << seed;
    }
}

constexpr unsigned each = 20'000, many = 200'000;

TEST(WindowsProperty, TumblingAgreesWithTheOracle) { repeat(agrees<tumbling>, many); }
TEST(WindowsProperty, HoppingAgreesWithTheOracle) { repeat(agrees<hopping>, many); }
TEST(WindowsProperty, CumulativeAgreesWithTheOracle) { repeat(agrees<cumulative>, many); }
TEST(WindowsProperty, GlobalAgreesWithTheOracle) { repeat(agrees<global>, many); }
TEST(WindowsProperty, SessionAgreesWithTheOracle) { repeat(agrees<session>, many); }
TEST(WindowsProperty, SlidingAgreesWithTheOracle) { repeat(agrees<sliding>, many); }
TEST(WindowsProperty, ElementsAgreeWithTheOracle) { repeat(agrees<elements>, many); }
TEST(WindowsProperty, TumblingSurvivesRestarts) { repeat(survives_restarts<tumbling>, each); }
TEST(WindowsProperty, HoppingSurvivesRestarts) { repeat(survives_restarts<hopping>, each); }
TEST(WindowsProperty, CumulativeSurvivesRestarts) { repeat(survives_restarts<cumulative>, each); }
TEST(WindowsProperty, GlobalSurvivesRestarts) { repeat(survives_restarts<global>, each); }
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
    repeat(agrees<session_allowing>, many);
}
TEST(WindowsProperty, SlidingToldAgainAgreesWithTheOracle)
{
    repeat(agrees<sliding_allowing>, many);
}
TEST(WindowsProperty, SlidingToldAgainSurvivesRestarts)
{
    repeat(tells_the_same_after_restarts<sliding_allowing>, each);
}
TEST(WindowsProperty, SessionsToldAgainSurviveRestarts)
{
    repeat(tells_the_same_after_restarts<session_allowing>, each);
}
TEST(WindowsProperty, SessionsToldAgainSurviveIdlePartitions)
{
    repeat(tells_each_once_despite_idle_partitions<session_allowing>, each);
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
