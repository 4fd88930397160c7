// The open windows as data: no clock, no loop.

#include <corostream/operators/count.hpp>
#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/time/cumulative.hpp>
#include <corostream/time/detail/pane_state.hpp>
#include <corostream/time/global.hpp>
#include <corostream/time/hopping.hpp>
#include <corostream/time/tumbling.hpp>
#include <support/at.hpp>

#include <range/v3/algorithm/find.hpp>
#include <range/v3/algorithm/sort.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;
using cs::detail::verdict;

namespace {

using pair = std::pair<std::string, int>;
using reduction
    = cs::detail::keyed_reduction<pair, std::string, int, cs::detail::as_pair, std::plus<>>;
template <class Windows>
using state_of = cs::detail::pane_state<Windows, reduction>;
using state = state_of<cs::tumbling>;

struct window {
    cs::duration begin;
    std::vector<pair> rows;
    friend bool operator==(const window&, const window&) = default;
};
using windows = std::vector<window>;

template <class Windows>
state_of<Windows> over(Windows spec, bool emit_empty = false)
{
    return {spec, {.emit_empty = emit_empty}, reduction({}, {})};
}
state summing(cs::duration size, bool emit_empty = false)
{
    return over(cs::tumbling(size), emit_empty);
}

/// Elements of `p` follow.
template <class State>
void open(State& s, cs::partition_id p)
{
    if (!s.owns(p)) s.resume(p);
    s.open(p);
}

/// One element; unless said otherwise nothing of its partition is late yet.
template <class State>
verdict add(State& s, cs::duration time, std::int64_t offset, pair row,
    cs::time_point watermark = cs::time_point::min())
{
    return s.add({at(time), watermark, offset}, std::move(row));
}

auto append_to(windows& out, std::size_t wanted = SIZE_MAX)
{
    return [&out, wanted](auto&& r) {
        out.push_back({r.begin_time().time_since_epoch(), {r.begin(), r.end()}});
        return out.size() < wanted;
    };
}

template <class State>
windows fire(State& s, cs::duration now)
{
    windows out;
    const bool any = s.fire(at(now), append_to(out));
    EXPECT_EQ(any, !out.empty());
    return out;
}

template <class State>
windows flush(State& s, cs::duration now)
{
    windows out;
    const bool any = s.flush(at(now), append_to(out));
    EXPECT_EQ(any, !out.empty());
    return out;
}

TEST(PaneState, FiresAWindowAtItsEndAndOnce)
{
    auto s = summing(4s);
    EXPECT_EQ(s.next_end(), cs::never);
    open(s, 0);
    add(s, 1s, 0, {"a", 1});
    add(s, 3s, 1, {"a", 2});
    EXPECT_EQ(s.next_end(), at(4s));
    EXPECT_EQ(fire(s, 3'999'999us), windows());
    EXPECT_EQ(fire(s, 4s), (windows{{0s, {{"a", 3}}}}));
    EXPECT_EQ(fire(s, 4s), windows());
    EXPECT_EQ(s.next_end(), cs::never);
}

TEST(PaneState, EmitsWindowsInOrderOfTheirEnd)
{
    auto s = summing(4s);
    open(s, 1);
    add(s, 9s, 0, {"late", 1});
    open(s, 0);
    add(s, 1s, 0, {"early", 1});
    add(s, 5s, 1, {"middle", 1});
    add(s, 2s, 2, {"early", 1}); // back into an older window
    EXPECT_EQ(
        fire(s, 1h), (windows{{0s, {{"early", 2}}}, {4s, {{"middle", 1}}}, {8s, {{"late", 1}}}}));
}

TEST(PaneState, MergesPartitionsInOrderOfFirstSeen)
{
    auto s = summing(4s);
    open(s, 2);
    add(s, 0s, 5, {"c", 1});
    add(s, 0s, 6, {"a", 1});
    open(s, 0);
    add(s, 3s, 90, {"b", 1});
    add(s, 3s, 91, {"a", 10});
    EXPECT_EQ(fire(s, 4s), (windows{{0s, {{"b", 1}, {"a", 11}, {"c", 1}}}}));
}

TEST(PaneState, TellsWhatIsLateByTheWatermarkOfItsPartition)
{
    auto s = summing(4s);
    open(s, 0);
    EXPECT_EQ(add(s, 0s, 0, {"in time", 1}, at(4s - 1us)), verdict::counted);
    pair late("late", 1);
    EXPECT_EQ(s.add({at(0s), at(4s), 1}, std::move(late)), verdict::late);
    EXPECT_EQ(late.first, "late"); // was left alone
    open(s, 1);
    EXPECT_EQ(add(s, 0s, 0, {"other partition", 1}), verdict::counted);
    EXPECT_EQ(flush(s, 0s), (windows{{0s, {{"in time", 1}, {"other partition", 1}}}}));
}

TEST(PaneState, CountsWhatIsTooLateForSomeOfItsWindowsInTheOthers)
{
    auto s = over(cs::hopping(10s, 5s));
    open(s, 0);
    add(s, 1s, 0, {"a", 1});
    EXPECT_EQ(add(s, 2s, 1, {"late for one", 1}, at(5s)), verdict::counted);
    EXPECT_EQ(add(s, 2s, 2, {"late for both", 1}, at(10s)), verdict::late);
    EXPECT_EQ(s.hold(0).offset, 0);
    EXPECT_EQ(
        fire(s, 1h), (windows{{-5s, {{"a", 1}}}, {0s, {{"a", 1}, {"late for one", 1}}}}));
}

TEST(PaneState, LosesExactlyTheSharesOfARevokedPartition)
{
    auto s = summing(4s);
    for (cs::partition_id p : {0, 1}) {
        open(s, p);
        add(s, 0s, 10, {"a", p + 1});
        add(s, 5s, 11, {"b", p + 1});
    }
    s.revoke(1);
    s.revoke(9); // never seen
    EXPECT_FALSE(s.owns(1));
    EXPECT_TRUE(s.owns(0));
    EXPECT_FALSE(s.owns(9));
    EXPECT_EQ(s.hold(1).offset, cs::nothing_held);
    EXPECT_EQ(s.hold(0).offset, 10);
    EXPECT_EQ(fire(s, 1h), (windows{{0s, {{"a", 1}}}, {4s, {{"b", 1}}}}));

    open(s, 1); // it comes back, from its cursor
    add(s, 2h, 10, {"a", 2});
    s.revoke(1);
    EXPECT_EQ(s.next_end(), cs::never);
    EXPECT_EQ(fire(s, 3h), windows());
}

TEST(PaneState, HoldsTheFirstOffsetOfTheOldestOpenShareAndItsWatermark)
{
    auto s = summing(4s);
    EXPECT_EQ(s.hold(0).offset, cs::nothing_held);
    EXPECT_EQ(s.oldest(0), cs::never);
    EXPECT_EQ(s.emitted(0), cs::time_point::min());
    open(s, 0);
    add(s, 0s, 100, {"a", 1}, at(-7s));
    add(s, 1s, 101, {"a", 1}, at(-6s));
    add(s, 5s, 102, {"a", 1}, at(-2s));
    EXPECT_EQ(s.hold(0).offset, 100);
    EXPECT_EQ(s.hold(0).watermark, at(-7s));
    EXPECT_EQ(s.oldest(0), at(0s));
    EXPECT_EQ(s.hold(1).offset, cs::nothing_held);
    EXPECT_EQ(s.oldest(1), cs::never);
    fire(s, 4s);
    EXPECT_EQ(s.hold(0).offset, 102);
    EXPECT_EQ(s.hold(0).watermark, at(-2s));
    EXPECT_EQ(s.oldest(0), at(4s));
    EXPECT_EQ(s.emitted(0), at(4s));
    fire(s, 8s);
    EXPECT_EQ(s.hold(0).offset, cs::nothing_held);
    EXPECT_EQ(s.oldest(0), cs::never);
    EXPECT_EQ(s.emitted(0), at(8s));
}

TEST(PaneState, LetsGoOfAPaneWithTheLastWindowThatHasIt)
{
    auto s = over(cs::hopping(10s, 5s));
    open(s, 0);
    add(s, 4s, 0, {"a", 1});
    add(s, 5s, 1, {"a", 1});
    fire(s, 5s);
    EXPECT_EQ(s.hold(0).offset, 0);
    EXPECT_EQ(s.oldest(0), at(0s));
    fire(s, 10s);
    EXPECT_EQ(s.hold(0).offset, 1);
    EXPECT_EQ(s.oldest(0), at(5s));
    fire(s, 15s);
    EXPECT_EQ(s.hold(0).offset, cs::nothing_held);
}

TEST(PaneState, ResumesWhereWindowsAreOutAndElementsJudged)
{
    auto s = summing(4s);
    s.resume(0, at(8s), 12);
    s.open(0);
    EXPECT_EQ(add(s, 7s, 10, {"is out", 1}), verdict::told); // it was told, or counted
    EXPECT_EQ(add(s, 8s, 11, {"a", 1}), verdict::counted);
    EXPECT_EQ(add(s, 7s, 12, {"new", 1}), verdict::late);
    EXPECT_EQ(flush(s, 8s), (windows{{8s, {{"a", 1}}}}));
}

TEST(PaneState, KnowsWhatWasJudgedBeforeTheLastRestart)
{
    auto s = summing(4s);
    EXPECT_EQ(s.seen(0), -1);
    s.resume(0, at(8s), 12);
    EXPECT_EQ(s.seen(0), 12);
    s.revoke(0);
    EXPECT_EQ(s.seen(0), -1);
}

TEST(PaneState, StopsFiringWhenNoMoreIsWantedAndGoesOnLater)
{
    auto s = summing(1s);
    open(s, 0);
    for (int i = 0; i < 3; ++i) add(s, 1s * i, i, {"a", i});
    windows out;
    EXPECT_TRUE(s.fire(at(1h), append_to(out, 1)));
    EXPECT_EQ(out.size(), 1U);
    EXPECT_EQ(s.hold(0).offset, 1);
    EXPECT_TRUE(s.flush(at(1h), append_to(out, 2)));
    EXPECT_EQ(out.size(), 2U);
    EXPECT_EQ(flush(s, 1h), (windows{{2s, {{"a", 2}}}}));
    EXPECT_EQ(flush(s, 1h), windows());
}

TEST(PaneState, EmitsEmptyWindowsFromTheStartOnWhenAsked)
{
    auto s = summing(4s, true);
    s.start(at(5s));
    EXPECT_EQ(s.next_end(), at(8s));
    EXPECT_EQ(fire(s, 13s), (windows{{4s, {}}, {8s, {}}}));
    open(s, 0);
    add(s, 17s, 0, {"a", 1});
    EXPECT_EQ(s.next_end(), at(16s));
    EXPECT_EQ(flush(s, 16s), (windows{{12s, {}}, {16s, {{"a", 1}}}}));
    EXPECT_EQ(flush(s, 1h), windows());
}

TEST(PaneState, EmitsEmptyWindowsBetweenThoseThatTheEndOfTheInputEmits)
{
    auto s = summing(4s, true);
    open(s, 0);
    add(s, 1s, 0, {"a", 1});
    add(s, 9s, 1, {"b", 1});
    const windows expected{{0s, {{"a", 1}}}, {4s, {}}, {8s, {{"b", 1}}}};
    EXPECT_EQ(flush(s, -1h), expected); // however far time has come
    EXPECT_EQ(s.next_end(), cs::never);
}

TEST(PaneState, GoesOnWithEmptyWindowsAfterARestart)
{
    auto s = summing(4s, true);
    s.resume(0, at(8s), 5);
    s.open(0);
    add(s, 13s, 5, {"a", 1});
    EXPECT_EQ(fire(s, 16s), (windows{{8s, {}}, {12s, {{"a", 1}}}}));
}

TEST(PaneState, DoesNotTellWindowsAsEmptyThatWereOutWhenAPartitionCameThatIsBehind)
{
    auto s = summing(4s, true);
    open(s, 0);
    for (int i = 0; i < 3; ++i) add(s, 4s * i, i, {"a", 1});
    fire(s, 12s);
    open(s, 1);
    add(s, 1s, 0, {"b", 1});
    EXPECT_EQ(fire(s, 16s), (windows{{0s, {{"b", 1}}}, {12s, {}}}));
}

TEST(PaneState, TellsEarlyWhatHasChanged)
{
    auto s = summing(4s);
    const auto peek = [&] {
        windows out;
        s.peek([&](state::result&& r) {
            EXPECT_EQ(r.emission(), cs::emission::early);
            out.push_back({r.begin_time().time_since_epoch(), {r.begin(), r.end()}});
            return true;
        });
        return out;
    };
    EXPECT_EQ(peek(), windows());
    open(s, 0);
    add(s, 1s, 0, {"a", 1});
    add(s, 5s, 1, {"b", 1});
    open(s, 1);
    add(s, 5s, 0, {"b", 1});
    EXPECT_EQ(peek(), (windows{{0s, {{"a", 1}}}, {4s, {{"b", 2}}}}));
    EXPECT_EQ(peek(), windows());
    open(s, 0);
    add(s, 6s, 2, {"c", 1});
    EXPECT_EQ(peek(), (windows{{4s, {{"b", 2}, {"c", 1}}}}));
    EXPECT_EQ(fire(s, 8s), (windows{{0s, {{"a", 1}}}, {4s, {{"b", 2}, {"c", 1}}}}));
}

TEST(PaneState, WorksAtBothEndsOfTime)
{
    auto s = summing(std::chrono::years(1000));
    open(s, 0);
    add(s, -1us, 0, {"before", 1});
    add(s, 0us, 1, {"after", 1});
    EXPECT_EQ(fire(s, 0s), (windows{{-std::chrono::years(1000), {{"before", 1}}}}));
    EXPECT_EQ(flush(s, 0s), (windows{{0s, {{"after", 1}}}}));
}

TEST(PaneState, TellsAGlobalWindowWhenThereIsMoreAndCompletesItAtTheEnd)
{
    auto s = over(cs::global(cs::every(10s)));
    open(s, 0);
    add(s, 1s, 0, {"a", 1});
    add(s, 31s, 1, {"a", 1});
    std::vector<std::tuple<cs::time_point, cs::emission, int>> seen;
    const auto see = [&](auto&& r) {
        EXPECT_EQ(r.begin_time(), cs::time_point::min());
        seen.emplace_back(r.end_time(), r.emission(), r.begin()->second);
        return true;
    };
    s.fire(at(30s), see);
    EXPECT_EQ(s.next_end(), at(40s));
    s.fire(at(1h), see);
    EXPECT_EQ(s.hold(0).offset, 0);
    EXPECT_TRUE(s.flush(at(1h), see));
    EXPECT_FALSE(s.flush(at(1h), see));
    const decltype(seen) expected{{at(10s), cs::emission::early, 1},
        {at(40s), cs::emission::early, 2}, {cs::never, cs::emission::complete, 2}};
    EXPECT_EQ(seen, expected);
}

TEST(PaneState, CompletesAGlobalWindowAlsoIfTheSinkWantedNoMoreAtTheEnd)
{
    auto s = over(cs::global(cs::every(10s)));
    open(s, 0);
    add(s, 1s, 0, {"a", 1});
    std::vector<cs::emission> seen;
    const auto see = [&](auto&& r) { return seen.push_back(r.emission()), false; };
    s.flush(at(1h), see);
    EXPECT_NE(s.next_end(), cs::never); // there is more
    s.flush(at(1h), see);
    EXPECT_EQ(s.next_end(), cs::never);
    EXPECT_EQ(seen, (std::vector{cs::emission::early, cs::emission::complete}));
}

using counting_again = cs::detail::pane_state<cs::tumbling, cs::detail::counting<int>, true>;

TEST(PaneState, TellsEarlyWhatIsOnTheGridThoughAnUpdateIsDueBetween)
{
    counting_again s(cs::tumbling(10s), {.allowed = 3s}, {});
    for (cs::partition_id p : {0, 1}) s.resume(p);
    s.open(0);
    s.add({at(1s), at(1s), 0}, 0);
    s.add({at(10s), at(10s), 1}, 0);
    s.fire(at(10s), [](auto&&) { return true; });
    s.add({at(2s), at(10s), 2}, 0); // late, and told again at 13 s
    s.add({at(11s), at(11s), 3}, 0);
    std::vector<std::pair<cs::duration, std::int64_t>> seen;
    s.peek([&](auto&& r) {
        seen.emplace_back(r.begin_time().time_since_epoch(), r.value());
        return true;
    });
    EXPECT_EQ(seen, (std::vector<std::pair<cs::duration, std::int64_t>>{{10s, 2}}));
}

/// Partition 1 is told again before partition 2, which is behind, too, completes the window.
TEST(PaneState, CompletesAWindowWithWhatItWasToldAgainWithBefore)
{
    counting_again s(cs::tumbling(10s), {.allowed = 1h}, {});
    using told = std::vector<std::pair<cs::emission, std::int64_t>>;
    const auto fire = [&](cs::duration now) {
        told seen;
        s.fire(at(now), [&](auto&& r) {
            EXPECT_EQ(r.begin_time(), at(0s));
            seen.emplace_back(r.emission(), r.value());
            return true;
        });
        return seen;
    };
    open(s, 0);
    s.add({at(1s), at(1s), 0}, 0);
    EXPECT_EQ(fire(10s), (told{{cs::emission::complete, 1}}));
    open(s, 1);
    EXPECT_EQ(s.add({at(2s), at(12s), 7}, 0), verdict::counted);
    EXPECT_EQ(fire(20s), (told{{cs::emission::update, 2}}));
    EXPECT_EQ(s.hold(1).offset, 7);
    open(s, 2);
    s.add({at(3s), at(3s), 0}, 0);
    EXPECT_EQ(fire(20s), (told{{cs::emission::complete, 2}})); // of 1 and 2
    EXPECT_EQ(s.hold(1).offset, 7);
    open(s, 1);
    s.add({at(4s), at(12s), 8}, 0);
    EXPECT_EQ(fire(20s), (told{{cs::emission::update, 4}}));
}

/// Next to a list of all elements, each with how far its partition had come.
TEST(PaneState, KeepsWhatIsLateForSomeOfItsWindowsAsideUntilThoseAreOut)
{
    struct element {
        cs::time_point time, out; // windows that end by `out` do not have it
    };
    for (unsigned seed = 0; seed < 500; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        const auto pick
            = [&](int low, int high) { return std::uniform_int_distribution(low, high)(random); };
        const cs::duration hop(pick(1, 4)), size = hop * pick(2, 30);
        const cs::hopping spec(size, hop);
        cs::detail::pane_state<cs::hopping, cs::detail::counting<int>> s(spec, {}, {});
        open(s, 0);
        std::vector<element> all; // by offset
        auto watermark = at(0s), reached = cs::time_point::min(); // and the last end that is out
        const auto is_in = [&](const element& e, cs::time_point end) {
            return e.out < end && end - size <= e.time && e.time < end;
        };
        const auto next_of = [&](const element& e) {
            return spec.end_after(std::max({spec.pane_of(e.time), e.out, reached}));
        };
        const auto is_needed = [&](const element& e) {
            return next_of(e) <= spec.last_end(spec.pane_of(e.time));
        };
        for (int step = 0; step < 200; ++step) {
            watermark += cs::duration(pick(0, 3));
            const auto time = watermark + cs::duration(pick(0, 4) - pick(0, 1) * pick(0, 130));
            const element e{time, std::max(watermark, reached)};
            const auto offset = static_cast<std::int64_t>(all.size());
            const bool counts = e.out < spec.last_end(spec.pane_of(time));
            ASSERT_EQ(s.add({time, watermark, offset}, 0),
                counts ? verdict::counted : verdict::late);
            all.push_back(e);
            if (!counts) all.back().time = cs::time_point::min(); // in no window
            if (pick(0, 20) == 0) // another partition had kept it back
                s.fire(watermark, [&](auto&& r) {
                    reached = r.end_time();
                    EXPECT_EQ(r.value(), std::ranges::count_if(all, [&](const element& x) {
                        return is_in(x, r.end_time());
                    }));
                    return true;
                });
            auto next = cs::never;
            auto hold = cs::nothing_held;
            for (auto i = all.size(); i-- > 0;) {
                if (all[i].time == cs::time_point::min() || !is_needed(all[i])) continue;
                hold = static_cast<std::int64_t>(i);
                next = std::min(next, next_of(all[i]));
            }
            ASSERT_EQ(s.hold(0).offset, hold) << step;
            ASSERT_EQ(s.next_end(), next) << step;
        }
    }
}

TEST(PaneState, LooksForWhatHasChangedOverAnyGap)
{
    counting_again s(cs::tumbling(1s), {}, {});
    s.resume(0);
    s.open(0);
    s.add({at(0s), at(0s), 0}, 0);
    s.add({at(1'000'000h), at(0s), 1}, 0); // too far to look at each second
    std::size_t told = 0, wanted = 1;
    const auto see = [&](auto&&) { return ++told < wanted; };
    s.peek(see);
    EXPECT_EQ(told, 1U);
    wanted = 100; // it goes on where the sink wanted no more
    s.peek(see);
    EXPECT_EQ(told, 2U);
    s.peek(see);
    EXPECT_EQ(told, 2U);
}

/// The same, told as simply as it can be: all records, grouped and added up when a window ends.
class plain_windows {
public:
    explicit plain_windows(cs::tumbling spec)
        : windows_(spec)
    {
    }

    struct record {
        cs::partition_id partition;
        std::int64_t offset;
        cs::time_point begin;
        pair row;
    };

    void own(cs::partition_id p) { out_.try_emplace(p, cs::time_point::min()); }
    verdict add(cs::partition_id p, std::int64_t offset, cs::time_point time, pair row)
    {
        const auto begin = windows_.begin_of(time);
        if (begin + windows_.size() <= out_.at(p)) return verdict::late;
        open_.push_back({p, offset, begin, std::move(row)});
        return verdict::counted;
    }
    void revoke(cs::partition_id p)
    {
        std::erase_if(open_, [&](const record& r) { return r.partition == p; });
        out_.erase(p);
    }
    std::int64_t hold(cs::partition_id p) const
    {
        auto lowest = cs::nothing_held;
        for (const auto& r : open_)
            if (r.partition == p) lowest = std::min(lowest, r.offset);
        return lowest;
    }
    windows fire(cs::time_point now)
    {
        ranges::sort(
            open_, {}, [](const record& r) { return std::tuple(r.begin, r.partition, r.offset); });
        windows out;
        for (const auto& r : open_) {
            if (r.begin + windows_.size() > now) break;
            const auto begin = r.begin.time_since_epoch();
            if (out.empty() || out.back().begin != begin) out.push_back({begin, {}});
            for (auto& [p, end] : out_) end = std::max(end, r.begin + windows_.size());
            auto& rows = out.back().rows;
            const auto same = ranges::find(rows, r.row.first, &pair::first);
            if (same == rows.end()) rows.push_back(r.row);
            else same->second += r.row.second;
        }
        std::erase_if(open_, [&](const record& r) { return r.begin + windows_.size() <= now; });
        return out;
    }

private:
    cs::tumbling windows_;
    std::vector<record> open_;
    std::map<cs::partition_id, cs::time_point> out_; // until when, of those that are ours
};

TEST(PaneState, AgreesWithSortingAndGroupingWhenPartitionsComeAndGo)
{
    for (unsigned seed = 0; seed < 300; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        const auto pick
            = [&](int low, int high) { return std::uniform_int_distribution(low, high)(random); };
        const cs::duration size(pick(1, 50));
        const cs::tumbling spec(size, cs::duration(pick(0, static_cast<int>(size.count()) - 1)));
        const int partitions = pick(1, 4), keys = pick(1, 30);
        auto s = over(spec);
        plain_windows plain(spec);
        std::vector<std::int64_t> offsets(static_cast<std::size_t>(partitions));
        cs::time_point now(cs::duration(pick(-1000, 1000)));
        for (int step = 0; step < 100; ++step) {
            now += cs::duration(pick(0, 20));
            const auto p = pick(0, partitions - 1);
            const auto what = pick(0, 9);
            if (what < 7) {
                open(s, p);
                plain.own(p);
                for (int n = pick(0, 20); n > 0; --n) {
                    auto& offset = offsets[static_cast<std::size_t>(p)];
                    offset += pick(1, 3);
                    const auto time = pick(0, 3) == 0 ? now + cs::duration(pick(-5, 5)) : now;
                    const pair row(
                        "key that is longer than a small string " + std::to_string(pick(1, keys)),
                        pick(-9, 9));
                    ASSERT_EQ(add(s, time.time_since_epoch(), offset, row),
                        plain.add(p, offset, time, row));
                }
            } else if (what == 7) {
                s.revoke(p);
                plain.revoke(p);
                offsets[static_cast<std::size_t>(p)] -= pick(0, 5); // read again
            } else {
                ASSERT_EQ(fire(s, now.time_since_epoch()), plain.fire(now));
                ASSERT_GT(s.next_end(), now);
            }
            for (int q = 0; q < partitions; ++q) ASSERT_EQ(s.hold(q).offset, plain.hold(q));
        }
        ASSERT_EQ(flush(s, now.time_since_epoch()), plain.fire(cs::never));
        ASSERT_EQ(s.next_end(), cs::never);
    }
}

TEST(PaneState, OfNumbersAddsThePartitionsUp)
{
    cs::detail::pane_state<cs::tumbling, cs::detail::counting<int>> s(cs::tumbling(4s), {}, {});
    for (int p : {3, 0}) {
        open(s, p);
        for (int i = 0; i < 5; ++i) s.add({at(1s), at(0s), i}, int(i));
    }
    std::int64_t total = 0;
    s.flush(at(2s), [&](auto&& r) { return total = r.value(), true; });
    EXPECT_EQ(total, 10);
}

} // namespace
