// The open windows as data: no clock, no loop.

#include <corostream/operators/count.hpp>
#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/time/detail/window_state.hpp>

#include <range/v3/algorithm/find.hpp>
#include <range/v3/algorithm/sort.hpp>

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

using pair = std::pair<std::string, int>;
using reduction
    = cs::detail::keyed_reduction<pair, std::string, int, cs::detail::as_pair, std::plus<>>;
using state = cs::detail::window_state<reduction>;

cs::time_point at(cs::duration since) { return cs::time_point(since); }

struct window {
    cs::duration begin;
    std::vector<pair> rows;
    friend bool operator==(const window&, const window&) = default;
};

state summing(cs::duration size, bool emit_empty = false)
{
    return {cs::tumbling(size), emit_empty, reduction({}, {})};
}

auto append_to(std::vector<window>& out, std::size_t wanted = SIZE_MAX)
{
    return [&out, wanted](state::result&& r) {
        out.push_back({r.begin_time().time_since_epoch(), {r.begin(), r.end()}});
        return out.size() < wanted;
    };
}

std::vector<window> fire(state& s, cs::duration now)
{
    std::vector<window> out;
    const bool any = s.fire(at(now), append_to(out));
    EXPECT_EQ(any, !out.empty());
    return out;
}

std::vector<window> flush(state& s, cs::duration now)
{
    std::vector<window> out;
    const bool any = s.flush(at(now), append_to(out));
    EXPECT_EQ(any, !out.empty());
    return out;
}

using windows = std::vector<window>;

TEST(WindowState, FiresAWindowAtItsEndAndOnce)
{
    auto s = summing(4s);
    EXPECT_EQ(s.next_end(), cs::never);
    s.open(0);
    s.add(at(1s), 0, pair("a", 1));
    s.add(at(3s), 1, pair("a", 2));
    EXPECT_EQ(s.next_end(), at(4s));
    EXPECT_EQ(fire(s, 3'999'999us), windows());
    EXPECT_EQ(fire(s, 4s), (windows{{0s, {{"a", 3}}}}));
    EXPECT_EQ(fire(s, 4s), windows());
    EXPECT_EQ(s.next_end(), cs::never);
}

TEST(WindowState, EmitsWindowsInOrderOfTheirEnd)
{
    auto s = summing(4s);
    s.open(1);
    s.add(at(9s), 0, pair("late", 1));
    s.open(0);
    s.add(at(1s), 0, pair("early", 1));
    s.add(at(5s), 1, pair("middle", 1));
    s.add(at(2s), 2, pair("early", 1)); // back into an older window
    EXPECT_EQ(
        fire(s, 1h), (windows{{0s, {{"early", 2}}}, {4s, {{"middle", 1}}}, {8s, {{"late", 1}}}}));
}

TEST(WindowState, MergesPartitionsInOrderOfFirstSeen)
{
    auto s = summing(4s);
    s.open(2);
    s.add(at(0s), 5, pair("c", 1));
    s.add(at(0s), 6, pair("a", 1));
    s.open(0);
    s.add(at(3s), 90, pair("b", 1));
    s.add(at(3s), 91, pair("a", 10));
    EXPECT_EQ(fire(s, 4s), (windows{{0s, {{"b", 1}, {"a", 11}, {"c", 1}}}}));
}

TEST(WindowState, LosesExactlyTheSharesOfARevokedPartition)
{
    auto s = summing(4s);
    for (cs::partition_id p : {0, 1}) {
        s.open(p);
        s.add(at(0s), 10, pair("a", p + 1));
        s.add(at(5s), 11, pair("b", p + 1));
    }
    s.revoke(1);
    s.revoke(9); // never seen
    EXPECT_EQ(s.hold(1), cs::nothing_held);
    EXPECT_EQ(s.hold(0), 10);
    EXPECT_EQ(fire(s, 1h), (windows{{0s, {{"a", 1}}}, {4s, {{"b", 1}}}}));

    s.open(1); // it comes back, from its cursor
    s.add(at(2h), 10, pair("a", 2));
    s.revoke(1);
    EXPECT_EQ(s.next_end(), cs::never);
    EXPECT_EQ(fire(s, 3h), windows());
}

TEST(WindowState, HoldsTheFirstOffsetOfTheOldestOpenShare)
{
    auto s = summing(4s);
    EXPECT_EQ(s.hold(0), cs::nothing_held);
    EXPECT_EQ(s.oldest(0), cs::never);
    s.open(0);
    s.add(at(0s), 100, pair("a", 1));
    s.add(at(1s), 101, pair("a", 1));
    s.add(at(5s), 102, pair("a", 1));
    EXPECT_EQ(s.hold(0), 100);
    EXPECT_EQ(s.oldest(0), at(0s));
    EXPECT_EQ(s.hold(1), cs::nothing_held);
    EXPECT_EQ(s.oldest(1), cs::never);
    fire(s, 4s);
    EXPECT_EQ(s.hold(0), 102);
    EXPECT_EQ(s.oldest(0), at(4s));
    fire(s, 8s);
    EXPECT_EQ(s.hold(0), cs::nothing_held);
    EXPECT_EQ(s.oldest(0), cs::never);
}

TEST(WindowState, StopsFiringWhenNoMoreIsWantedAndGoesOnLater)
{
    auto s = summing(1s);
    s.open(0);
    for (int i = 0; i < 3; ++i) s.add(at(1s * i), i, pair("a", i));
    std::vector<window> out;
    EXPECT_TRUE(s.fire(at(1h), append_to(out, 1)));
    EXPECT_EQ(out.size(), 1U);
    EXPECT_EQ(s.hold(0), 1);
    EXPECT_TRUE(s.flush(at(1h), append_to(out, 2)));
    EXPECT_EQ(out.size(), 2U);
    EXPECT_EQ(flush(s, 1h), (windows{{2s, {{"a", 2}}}}));
    EXPECT_EQ(flush(s, 1h), windows());
}

TEST(WindowState, EmitsEmptyWindowsFromTheStartOnWhenAsked)
{
    auto s = summing(4s, true);
    s.start(at(5s));
    EXPECT_EQ(s.next_end(), at(8s));
    EXPECT_EQ(fire(s, 13s), (windows{{4s, {}}, {8s, {}}}));
    s.open(0);
    s.add(at(17s), 0, pair("a", 1));
    EXPECT_EQ(s.next_end(), at(16s));
    EXPECT_EQ(flush(s, 16s), (windows{{12s, {}}, {16s, {{"a", 1}}}}));
    EXPECT_EQ(flush(s, 1h), windows());
}

TEST(WindowState, WorksAtBothEndsOfTime)
{
    auto s = summing(std::chrono::years(1000));
    s.open(0);
    s.add(at(-1us), 0, pair("before", 1));
    s.add(at(0us), 1, pair("after", 1));
    EXPECT_EQ(fire(s, 0s), (windows{{-std::chrono::years(1000), {{"before", 1}}}}));
    EXPECT_EQ(flush(s, 0s), (windows{{0s, {{"after", 1}}}}));
}

/// The same, told as simply as it can be: all records, grouped and added up when a window ends.
class oracle {
public:
    explicit oracle(cs::tumbling spec)
        : windows_(spec)
    {
    }

    struct record {
        cs::partition_id partition;
        std::int64_t offset;
        cs::time_point begin;
        pair row;
    };

    void add(cs::partition_id p, std::int64_t offset, cs::time_point time, pair row)
    {
        open_.push_back({p, offset, windows_.begin_of(time), std::move(row)});
    }
    void revoke(cs::partition_id p)
    {
        std::erase_if(open_, [&](const record& r) { return r.partition == p; });
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
};

TEST(WindowState, AgreesWithSortingAndGrouping)
{
    for (unsigned seed = 0; seed < 300; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        const auto pick
            = [&](int low, int high) { return std::uniform_int_distribution(low, high)(random); };
        const cs::duration size(pick(1, 50));
        const cs::tumbling spec(size, cs::duration(pick(0, static_cast<int>(size.count()) - 1)));
        const int partitions = pick(1, 4), keys = pick(1, 30);
        state s(spec, false, reduction({}, {}));
        oracle plain(spec);
        std::vector<std::int64_t> offsets(static_cast<std::size_t>(partitions));
        cs::time_point now(cs::duration(pick(-1000, 1000)));
        for (int step = 0; step < 100; ++step) {
            now += cs::duration(pick(0, 20));
            const auto p = pick(0, partitions - 1);
            const auto what = pick(0, 9);
            if (what < 7) {
                s.open(p);
                for (int n = pick(0, 20); n > 0; --n) {
                    auto& offset = offsets[static_cast<std::size_t>(p)];
                    offset += pick(1, 3);
                    const auto time = pick(0, 3) == 0 ? now + cs::duration(pick(-5, 5)) : now;
                    const pair row(
                        "key that is longer than a small string " + std::to_string(pick(1, keys)),
                        pick(-9, 9));
                    s.add(time, offset, pair(row));
                    plain.add(p, offset, time, row);
                }
            } else if (what == 7) {
                s.revoke(p);
                plain.revoke(p);
                offsets[static_cast<std::size_t>(p)] -= pick(0, 5); // read again
            } else {
                ASSERT_EQ(fire(s, now.time_since_epoch()), plain.fire(now));
                ASSERT_GT(s.next_end(), now);
            }
            for (int q = 0; q < partitions; ++q) ASSERT_EQ(s.hold(q), plain.hold(q));
        }
        ASSERT_EQ(flush(s, now.time_since_epoch()), plain.fire(cs::never));
        ASSERT_EQ(s.next_end(), cs::never);
    }
}

TEST(WindowState, OfNumbersAddsThePartitionsUp)
{
    cs::detail::window_state<cs::detail::counting<int>> s(cs::tumbling(4s), false, {});
    for (int p : {3, 0}) {
        s.open(p);
        for (int i = 0; i < 5; ++i) s.add(at(1s), i, int(i));
    }
    std::int64_t total = 0;
    s.flush(at(2s), [&](auto&& r) { return total = r.value(), true; });
    EXPECT_EQ(total, 10);
}

} // namespace
