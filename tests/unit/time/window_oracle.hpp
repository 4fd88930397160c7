#pragma once

// What windows by event time come to, told as simply as it can be: from all records at once,
// sorted, grouped and folded. Nothing here is shared with the library but its types.

#include <corostream/core/batch.hpp>
#include <corostream/time/window_result.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace cs = corostream;

namespace oracle {

/// One record of a log. Times are microseconds since the epoch; its number tells it from others.
struct record {
    cs::partition_id partition;
    std::int64_t offset;
    std::int64_t time;
    int key;
    int number; // less than 64
    std::optional<std::int64_t> out{}; // windows that ended by then were out, if that is known
};

/// A log: sorted by partition and offset.
using log = std::vector<record>;

inline void sort(log& records)
{
    std::sort(records.begin(), records.end(), [](const record& a, const record& b) {
        return std::tie(a.partition, a.offset) < std::tie(b.partition, b.offset);
    });
}

inline constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
inline constexpr auto highest = std::numeric_limits<std::int64_t>::max();

/// Which records a value was made of.
struct members {
    std::uint64_t numbers = 0; // a bit each
    bool twice = false;        // one of them was added more than once

    static members of(const record& r) { return {std::uint64_t{1} << r.number}; }
    friend bool operator==(const members&, const members&) = default;
};

/// Makes one value of two.
struct join {
    members operator()(const members& a, const members& b) const
    {
        return {a.numbers | b.numbers, a.twice || b.twice || (a.numbers & b.numbers) != 0};
    }
};

/// One result: its rows are keys with what they are made of.
struct result {
    std::int64_t begin, end;
    bool early;
    std::vector<std::pair<int, members>> rows;
    bool again = false; // an update
    bool back = false;  // taken back

    friend bool operator==(const result&, const result&) = default;
    friend std::ostream& operator<<(std::ostream& out, const result& r)
    {
        out << '[' << r.begin << ", " << r.end << ')';
        out << (r.early ? " early:" : r.again ? " again:"
                                  : r.back    ? " back:"
                                              : ":");
        for (const auto& [key, value] : r.rows) {
            out << ' ' << key << '=' << std::hex << value.numbers << std::dec;
            if (value.twice) out << "(twice)";
        }
        return out << '\n';
    }
    friend void PrintTo(const result& r, std::ostream* out) { *out << r; }
};

/// What a log comes to.
struct outcome {
    std::vector<result> results;
    std::vector<std::pair<cs::partition_id, std::int64_t>> late; // sorted

    friend bool operator==(const outcome&, const outcome&) = default;
};

/// For each record by when windows were out when it came: the watermark of its partition, the
/// highest time before it less the bound; `lowest` for the first.
inline std::vector<std::int64_t> watermarks(const log& records, std::int64_t bound)
{
    std::vector<std::int64_t> all;
    for (const auto& r : records) {
        auto w = lowest;
        for (const auto& other : records)
            if (other.partition == r.partition && other.offset < r.offset)
                w = std::max(w, other.time - bound);
        all.push_back(r.out.value_or(w));
    }
    return all;
}

/// The watermark of the stream when all has been read.
inline std::int64_t last_watermark(const log& records, std::int64_t bound, int partitions)
{
    auto stream = highest;
    for (int p = 0; p < partitions; ++p) {
        auto w = lowest;
        for (const auto& r : records)
            if (r.partition == p) w = std::max(w, r.time - bound);
        stream = std::min(stream, w);
    }
    return stream;
}

/// A record counts in a window.
struct assignment {
    std::int64_t begin, end;
    const record* counts;
};

/// Groups by window, in order of end and begin; in each, rows in order of the key's first record.
inline std::vector<result> fold(std::vector<assignment> all, bool early = false)
{
    std::sort(all.begin(), all.end(), [](const assignment& a, const assignment& b) {
        return std::tuple(a.end, a.begin, a.counts->partition, a.counts->offset)
             < std::tuple(b.end, b.begin, b.counts->partition, b.counts->offset);
    });
    std::vector<result> results;
    for (const auto& [begin, end, r] : all) {
        if (results.empty() || results.back().begin != begin || results.back().end != end)
            results.push_back({begin, end, early, {}});
        auto& rows = results.back().rows;
        const auto row = std::find_if(
            rows.begin(), rows.end(), [&](const auto& known) { return known.first == r->key; });
        if (row == rows.end()) rows.emplace_back(r->key, members::of(*r));
        else row->second = join()(row->second, members::of(*r));
    }
    return results;
}

/// Windows with bounds of their own: `windows_of(time)` are all that hold it, as pairs of begin and
/// end. A record counts in those that end after the watermark that it met.
template <class WindowsOf>
outcome on_a_grid(const log& records, std::int64_t bound, WindowsOf windows_of)
{
    outcome o;
    std::vector<assignment> all;
    const auto met = watermarks(records, bound);
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto& r = records[i];
        bool counts = false;
        for (const auto& [begin, end] : windows_of(r.time)) {
            if (end <= met[i]) continue;
            all.push_back({begin, end, &r});
            counts = true;
        }
        if (!counts) o.late.emplace_back(r.partition, r.offset);
    }
    o.results = fold(std::move(all));
    return o;
}

/// The same where records may be late by `allowed`: then a window is told again, with them, at the
/// next bound after the watermark that they met, or when no more is allowed.
template <class WindowsOf, class EndAfter>
outcome allowing(const log& records, std::int64_t bound, std::int64_t allowed, WindowsOf windows_of,
    EndAfter end_after)
{
    outcome o;
    struct counted {
        std::int64_t due, begin, end;
        const record* counts;
    };
    std::vector<counted> all;
    const auto met = watermarks(records, bound);
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto& r = records[i];
        bool counts = false;
        for (const auto& [begin, end] : windows_of(r.time)) {
            const bool in_time = end > met[i];
            if (!in_time && end + allowed <= met[i]) continue;
            const auto due = in_time ? end : std::min(end_after(met[i]), end + allowed);
            all.push_back({due, begin, end, &r});
            counts = true;
        }
        if (!counts) o.late.emplace_back(r.partition, r.offset);
    }
    // at each moment those that are told again come first
    std::set<std::tuple<std::int64_t, bool, std::int64_t, std::int64_t>> told;
    for (const auto& c : all) told.emplace(c.due, c.due == c.end, c.end, c.begin);
    for (const auto& [due, in_time, end, begin] : told) {
        std::vector<assignment> have;
        for (const auto& c : all)
            if (c.end == end && c.begin == begin && c.due <= due)
                have.push_back({begin, end, c.counts});
        o.results.push_back(std::move(fold(std::move(have)).at(0)));
        o.results.back().again = !in_time;
    }
    return o;
}

/// True for multiples of `step` plus `offset`.
inline bool is_on(std::int64_t step, std::int64_t offset, std::int64_t time)
{
    return (time - offset) % step == 0;
}

using bounds = std::vector<std::pair<std::int64_t, std::int64_t>>;

inline bounds hopping(
    std::int64_t size, std::int64_t hop, std::int64_t offset, std::int64_t time)
{
    bounds found;
    for (auto begin = time - size + 1; begin <= time; ++begin)
        if (is_on(hop, offset, begin)) found.emplace_back(begin, begin + size);
    return found;
}

inline bounds cumulative(
    std::int64_t step, std::int64_t size, std::int64_t offset, std::int64_t time)
{
    auto begin = time;
    while (!is_on(size, offset, begin)) --begin;
    bounds found;
    for (auto end = begin + step; end <= begin + size; end += step)
        if (end > time) found.emplace_back(begin, end);
    return found;
}

/// The global window: told when something is new at a multiple of `step`, as far as the watermark
/// has come, and at the end.
inline outcome global(
    const log& records, std::int64_t bound, std::int64_t step, std::int64_t watermark)
{
    const auto met = watermarks(records, bound);
    std::vector<std::int64_t> joins; // at which multiple each record does
    for (std::size_t i = 0; i < records.size(); ++i) {
        auto end = std::max(records[i].time, met[i]) + 1;
        while (!is_on(step, 0, end)) ++end;
        joins.push_back(end);
    }
    auto ends = joins;
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    std::erase_if(ends, [&](auto end) { return end > watermark; });
    outcome o;
    std::vector<assignment> all;
    for (const auto end : ends)
        for (std::size_t i = 0; i < records.size(); ++i)
            if (joins[i] <= end) all.push_back({lowest, end, &records[i]});
    o.results = fold(std::move(all), true);
    all.clear();
    for (const auto& r : records) all.push_back({lowest, highest, &r});
    for (auto& r : fold(std::move(all))) o.results.push_back(std::move(r));
    return o;
}

/// What a partition has of a session of a key. What a record is late for is lost to it: it reaches
/// others only from there on.
struct proto_session {
    std::int64_t begin, end, reach;
    std::vector<const record*> records;
    std::int64_t far = 0;       // how far it reaches if it may be late
    std::int64_t due = highest; // of one that is late

    bool overlaps(std::int64_t from, std::int64_t to) const { return from < end && begin < to; }
    void include(const proto_session& other)
    {
        begin = std::min(begin, other.begin);
        end = std::max(end, other.end);
        reach = std::min(reach, other.reach);
        far = std::min(far, other.far);
        records.insert(records.end(), other.records.begin(), other.records.end());
    }
};

/// Those of each key, in the order of the log; the late ones that are allowed are on their own.
inline std::map<int, std::vector<proto_session>> proto_sessions(const log& records,
    std::int64_t bound, std::int64_t gap, std::int64_t allowed, outcome& o)
{
    const auto met = watermarks(records, bound);
    std::map<std::pair<int, cs::partition_id>, std::vector<proto_session>> of_part;
    std::map<int, std::vector<proto_session>> of_key;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto& r = records[i];
        auto& all = of_part[{r.key, r.partition}];
        const auto end = r.time + gap;
        const auto gone = met[i] == lowest ? lowest : met[i] - allowed;
        proto_session made{
            r.time, end, std::max(r.time, met[i]), {&r}, std::max(r.time, gone)};
        const auto joins = [&](const proto_session& s) {
            return s.end > met[i] && s.overlaps(r.time, end);
        };
        if (end <= met[i] && std::none_of(all.begin(), all.end(), joins)) {
            if (end <= gone) {
                o.late.emplace_back(r.partition, r.offset);
                continue;
            }
            auto multiple = met[i] + 1;
            while (!is_on(gap, 0, multiple)) ++multiple;
            made.due = std::min(multiple, end + allowed);
            of_key[r.key].push_back(made);
            continue;
        }
        for (const auto& s : all)
            if (joins(s)) made.include(s);
        std::erase_if(all, joins);
        all.push_back(std::move(made));
    }
    for (auto& [key_and_partition, all] : of_part)
        for (auto& s : all) of_key[key_and_partition.first].push_back(std::move(s));
    return of_key;
}

/// Those that overlap are one, whichever partitions they are of; late ones are not looked at.
inline std::vector<proto_session> joined(std::vector<proto_session> all)
{
    for (std::size_t i = 0; i < all.size();) { // until nothing more overlaps
        const auto other = std::find_if(all.begin(), all.end(), [&](const proto_session& s) {
            return &s != &all[i] && s.due == highest && all[i].due == highest
                && s.reach < all[i].end && all[i].reach < s.end;
        });
        if (other == all.end()) {
            ++i;
            continue;
        }
        all[i].include(*other);
        all.erase(other);
        i = 0;
    }
    return all;
}

inline outcome sessions(const log& records, std::int64_t bound, std::int64_t gap)
{
    outcome o;
    std::vector<assignment> counts;
    for (auto& [key, all] : proto_sessions(records, bound, gap, 0, o))
        for (const auto& s : joined(std::move(all)))
            for (const auto* r : s.records) counts.push_back({s.begin, s.end, r});
    o.results = fold(std::move(counts));
    return o;
}

/// The same where records may be late by `allowed`: a late one is due at the next multiple of the
/// gap after the watermark that it met, or when no more is allowed. What is due at a moment and
/// what is out by then are one as far as they overlap; what was out with other bounds is taken
/// back.
inline outcome sessions_allowing(
    const log& records, std::int64_t bound, std::int64_t gap, std::int64_t allowed)
{
    outcome o;
    struct piece : proto_session {
        std::pair<std::int64_t, std::int64_t> told{highest, highest}; // in what session
    };
    std::map<int, std::vector<piece>> pieces;
    std::set<std::int64_t> dues;
    for (auto& [key, all] : proto_sessions(records, bound, gap, allowed, o))
        for (auto& s : joined(std::move(all))) {
            if (s.due == highest) s.due = s.end;
            pieces[key].push_back({s});
            dues.insert(s.due);
        }
    for (const auto now : dues) {
        std::vector<assignment> back, complete, again;
        for (auto& [key, all] : pieces)
            for (auto& fresh : all) {
                if (fresh.due != now || fresh.told.second != highest) continue;
                proto_session whole = fresh;
                std::set<piece*> group{&fresh};
                for (bool grew = true; grew;) {
                    grew = false;
                    for (auto& p : all)
                        if (p.due <= now && p.far < whole.end && whole.far < p.end
                            && group.insert(&p).second) {
                            whole.include(p);
                            grew = true;
                        }
                }
                bool was_told = false;
                for (auto* p : group) {
                    const auto [begin, end] = p->told;
                    was_told = was_told || end != highest;
                    if (end != highest && p->told != std::pair(whole.begin, whole.end))
                        for (const auto* r : p->records) back.push_back({begin, end, r});
                    p->told = {whole.begin, whole.end};
                }
                for (const auto* r : whole.records)
                    (was_told ? again : complete).push_back({whole.begin, whole.end, r});
            }
        for (auto& r : fold(std::move(back))) {
            r.back = true;
            o.results.push_back(std::move(r));
        }
        auto made = fold(std::move(complete));
        for (auto& r : fold(std::move(again))) {
            r.again = true;
            made.push_back(std::move(r));
        }
        std::sort(made.begin(), made.end(), [](const result& a, const result& b) {
            return std::tie(a.end, a.begin, a.again) < std::tie(b.end, b.begin, b.again);
        });
        o.results.insert(o.results.end(), made.begin(), made.end());
    }
    return o;
}

/// A window up to each moment at which a record of the key was in time.
inline outcome sliding(const log& records, std::int64_t bound, std::int64_t size)
{
    outcome o;
    const auto met = watermarks(records, bound);
    std::set<std::pair<int, std::int64_t>> moments;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto& r = records[i];
        if (r.time + 1 > met[i]) moments.emplace(r.key, r.time);
        if (r.time + size <= met[i]) o.late.emplace_back(r.partition, r.offset);
    }
    std::vector<assignment> counts;
    for (const auto& [key, time] : moments)
        for (std::size_t i = 0; i < records.size(); ++i) {
            const auto& r = records[i];
            if (r.key == key && r.time > time - size && r.time <= time && time + 1 > met[i])
                counts.push_back({time - size + 1, time + 1, &r});
        }
    o.results = fold(std::move(counts));
    return o;
}

/// The same where records may be late by `allowed`: a window is told again, with them, as soon as
/// the stream has come to the watermark that they met.
inline outcome sliding_allowing(
    const log& records, std::int64_t bound, std::int64_t size, std::int64_t allowed)
{
    outcome o;
    const auto met = watermarks(records, bound);
    const auto counts = [&](std::size_t i, std::int64_t end) {
        const auto& r = records[i];
        const auto gone = met[i] == lowest ? lowest : met[i] - allowed;
        return r.time <= end && end - r.time < size && end + 1 > gone;
    };
    const auto due = [&](std::size_t i, std::int64_t end) { return std::max(end, met[i]) + 1; };
    std::map<std::tuple<std::int64_t, std::int64_t, bool>, std::vector<assignment>> told;
    std::set<std::pair<int, std::int64_t>> moments;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto& r = records[i];
        if (counts(i, r.time)) moments.emplace(r.key, r.time);
        if (!counts(i, r.time + size - 1)) o.late.emplace_back(r.partition, r.offset);
    }
    for (const auto& [key, time] : moments) {
        auto first = highest;
        std::set<std::int64_t> dues;
        for (std::size_t i = 0; i < records.size(); ++i) {
            if (records[i].key != key || !counts(i, time)) continue;
            dues.insert(due(i, time));
            if (records[i].time == time) first = std::min(first, due(i, time));
        }
        dues.insert(first);
        for (const auto now : dues) {
            if (now < first) continue;
            for (std::size_t i = 0; i < records.size(); ++i)
                if (records[i].key == key && counts(i, time) && due(i, time) <= now)
                    told[{now, time, now > first}].push_back(
                        {time - size + 1, time + 1, &records[i]});
        }
    }
    for (auto& [at, of] : told) {
        o.results.push_back(std::move(fold(std::move(of)).at(0)));
        o.results.back().again = std::get<2>(at);
    }
    return o;
}

/// `size` records of a key and partition, every `hop`, in the order of the log; at the end as many
/// as there are.
inline outcome elements(
    const log& records, std::int64_t bound, std::int64_t size, std::int64_t hop)
{
    std::map<std::pair<int, cs::partition_id>, std::vector<std::size_t>> all;
    for (std::size_t i = 0; i < records.size(); ++i)
        all[{records[i].key, records[i].partition}].push_back(i);
    const auto watermark_at = [&](cs::partition_id p, std::int64_t offset) {
        auto time = lowest;
        for (const auto& r : records)
            if (r.partition == p && r.offset <= offset) time = std::max(time, r.time - bound);
        return time;
    };
    using order = std::tuple<std::int64_t, cs::partition_id, std::int64_t>;
    std::vector<std::pair<order, result>> made;
    for (const auto& [key_and_partition, of] : all) {
        const auto [key, p] = key_and_partition;
        const auto total = static_cast<std::int64_t>(of.size());
        auto end = lowest;
        for (std::int64_t first = 0; first < total; first += hop) {
            const auto last = std::min(first + size, total);
            result r{highest, 0, false, {{key, {}}}};
            for (auto i = first; i < last; ++i) {
                const auto& one = records[of[static_cast<std::size_t>(i)]];
                r.begin = std::min(r.begin, one.time);
                end = std::max(end, one.time + 1);
                r.rows[0].second = join()(r.rows[0].second, members::of(one));
            }
            const bool full = first + size <= total;
            const auto& at_last = records[of[static_cast<std::size_t>(last - 1)]];
            end = std::max(end, watermark_at(p, full ? at_last.offset : highest) + 1);
            r.end = end;
            const auto& last_of_hop = records[of[static_cast<std::size_t>(
                std::min(first + hop, total) - 1)]];
            made.emplace_back(order(r.end, p, last_of_hop.offset), r);
        }
    }
    std::sort(made.begin(), made.end(),
        [](const auto& a, const auto& b) { return a.first < b.first; });
    outcome o;
    for (auto& m : made) o.results.push_back(std::move(m.second));
    return o;
}

/// The global window of each key and partition: told after every `step` records more, and at the
/// end.
inline outcome global_by_count(const log& records, std::int64_t bound, std::int64_t step)
{
    std::map<std::pair<int, cs::partition_id>, std::vector<const record*>> all;
    for (const auto& r : records) all[{r.key, r.partition}].push_back(&r);
    struct told {
        result of;
        cs::partition_id partition;
        std::int64_t last; // offset
    };
    std::vector<told> made;
    for (const auto& [key_and_partition, of] : all) {
        const auto p = key_and_partition.second;
        result r{lowest, lowest, true, {{key_and_partition.first, {}}}};
        std::int64_t count = 0;
        const auto tell = [&](std::int64_t offset) { // all up to there has been read
            for (const auto& other : records)
                if (other.partition == p && other.offset <= offset)
                    r.end = std::max(r.end, other.time - bound + 1);
            made.push_back({r, p, of[static_cast<std::size_t>(count) - 1]->offset});
        };
        for (const auto* one : of) {
            r.rows[0].second = join()(r.rows[0].second, members::of(*one));
            r.end = std::max(r.end, one->time + 1);
            if (++count % step == 0) tell(one->offset);
        }
        r.early = false;
        tell(highest);
    }
    std::sort(made.begin(), made.end(), [](const told& a, const told& b) { // the last is not early
        return std::tie(a.of.end, a.partition, a.last, b.of.early)
             < std::tie(b.of.end, b.partition, b.last, a.of.early);
    });
    outcome o;
    for (auto& m : made) o.results.push_back(std::move(m.of));
    return o;
}

/// Windows without records, between those that have some; `end_after` is the next end.
template <class EndAfter, class BeginOf>
void add_empty(std::vector<result>& results, EndAfter end_after, BeginOf begin_of)
{
    std::vector<result> all;
    for (auto& r : results) {
        if (!all.empty())
            for (auto end = end_after(all.back().end); end < r.end; end = end_after(end))
                all.push_back({begin_of(end), end, false, {}});
        all.push_back(std::move(r));
    }
    results = std::move(all);
}

} // namespace oracle
