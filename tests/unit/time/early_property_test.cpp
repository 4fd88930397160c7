// What windows tell early, against a plain oracle: each time all that is open and has changed, as
// it would be if nothing more came; and what they come to in the end as if nothing had been told.

#include "windows_kinds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace windows_property {

/// What was told of each window and key.
using early_rows = std::map<std::tuple<std::int64_t, std::int64_t, int>, oracle::members>;

/// Of `all`, if they were complete, what is open at `watermark` and was not told before as it is:
/// of sessions the rows, of other windows all that they have.
template <class Kind>
std::vector<oracle::result> news(
    std::vector<oracle::result> all, cs::time_point watermark, early_rows& told)
{
    std::vector<oracle::result> found;
    for (auto& r : all) {
        if (at(r.end) <= watermark || r.rows.empty()) continue;
        const auto is_known = [&](const auto& one) {
            const auto before = told.find({r.begin, r.end, one.first});
            return before != told.end() && before->second == one.second;
        };
        if (std::is_same_v<Kind, session>) std::erase_if(r.rows, is_known);
        if (std::all_of(r.rows.begin(), r.rows.end(), is_known)) continue;
        for (const auto& [key, value] : r.rows)
            told.insert_or_assign({r.begin, r.end, key}, value);
        r.early = true;
        found.push_back(std::move(r));
    }
    return found;
}

template <class Kind>
void tells_early_what_it_has(unsigned seed)
{
    random_source random(seed);
    const auto work = workload::pick(random);
    const early<Kind> kind(random);
    early_rows told;
    driver d(work, kind.state(work));
    while (d.pump(random)) {
        if (random.one_in(2) || !d.may_peek()) continue;
        auto so_far = work;
        so_far.log = d.judged();
        oracle::sort(so_far.log);
        const auto expected = news<Kind>(
            kind.expected(so_far).results, d.watermarks().front(), told);
        ASSERT_EQ(d.peek(random), expected);
    }
    d.finish(random);
    const auto expected = kind.expected(work);
    ASSERT_EQ(d.seen().results, expected.results);
    ASSERT_EQ(d.seen().late, expected.late);
    if (!std::is_same_v<Kind, session>) return;
    // what a session had early is in one that it came to: they overlap, and no other of the key's
    for (const auto& [bounds, value] : told) {
        const auto [begin, end, key] = bounds;
        int with_it = 0;
        for (const auto& r : expected.results)
            for (const auto& one : r.rows) {
                if (one.first != key || r.end <= begin || end <= r.begin) continue;
                if ((one.second.numbers & value.numbers) == 0) continue;
                ++with_it;
                ASSERT_LE(r.begin, begin);
                ASSERT_GE(r.end, end);
                ASSERT_EQ(one.second.numbers & value.numbers, value.numbers);
            }
        ASSERT_EQ(with_it, 1);
    }
}

TEST(EarlyProperty, TumblingTellsWhatItHas) { repeat(tells_early_what_it_has<tumbling>, each); }
TEST(EarlyProperty, HoppingTellsWhatItHas) { repeat(tells_early_what_it_has<hopping>, each); }
TEST(EarlyProperty, CumulativeTellsWhatItHas) { repeat(tells_early_what_it_has<cumulative>, each); }
TEST(EarlyProperty, SessionTellsWhatItHas) { repeat(tells_early_what_it_has<session>, each); }

} // namespace windows_property
