#pragma once

// What windows by event time come to, told as simply as it can be: from all records at once,
// sorted, grouped and folded. Nothing here is shared with the library but its types.

#include <corostream/core/batch.hpp>
#include <corostream/time/window_result.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <ostream>
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
};

/// A log: sorted by partition and offset.
using log = std::vector<record>;

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

    friend bool operator==(const result&, const result&) = default;
    friend std::ostream& operator<<(std::ostream& out, const result& r)
    {
        out << '[' << r.begin << ", " << r.end << (r.early ? ") early:" : "):");
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

/// For each record the watermark of its partition when it came: the highest time before it less the
/// bound; `lowest` for the first.
inline std::vector<std::int64_t> watermarks(const log& records, std::int64_t bound)
{
    std::vector<std::int64_t> all;
    for (const auto& r : records) {
        auto w = lowest;
        for (const auto& other : records)
            if (other.partition == r.partition && other.offset < r.offset)
                w = std::max(w, other.time - bound);
        all.push_back(w);
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
