#pragma once

#include <corostream/operators/aggregate_of.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

/// What the aggregates are tested with, and where it came from.
struct reading {
    int sensor = 0;
    int value = 0;
    friend bool operator==(const reading&, const reading&) = default;
};

struct placed {
    reading of;
    cs::row_origin origin;
};

/// Some readings of a few partitions, in order of partition and offset; their times are in none.
inline std::vector<placed> some_readings(std::mt19937& random)
{
    const auto pick
        = [&](int low, int high) { return std::uniform_int_distribution(low, high)(random); };
    std::vector<placed> all;
    const int sensors = pick(1, 12), values = pick(1, 40), times = pick(1, 20);
    for (cs::partition_id p = 0, last = pick(0, 3); p <= last; ++p)
        for (int n = pick(0, 20), offset = 0; n > 0; --n)
            all.push_back({{pick(1, sensors), pick(-values, values)},
                {p, offset += pick(1, 3), at(std::chrono::seconds(pick(0, times)))}});
    return all;
}

/// The shares, merged in any order: either into the other, and sometimes a copy of it.
template <class Share, class Merge>
Share merged_into_one(std::vector<Share> shares, Merge merge, std::mt19937& random)
{
    while (shares.size() > 1) {
        std::shuffle(shares.begin(), shares.end(), random);
        auto from = std::move(shares.back());
        shares.pop_back();
        auto copy = from;
        const auto at = random() % shares.size();
        merge(shares[at], std::move(random() % 2 == 0 ? copy : from));
    }
    return std::move(shares.front());
}

/// Deals readings out over partitions and panes, as windows do, and merges what came of them.
template <class Aggregate>
auto dealt_out(Aggregate& aggregate, std::vector<placed> all, std::mt19937& random)
{
    const auto panes = random() % 4 + 1;
    std::vector<typename Aggregate::share> shares(4 * panes);
    for (auto& [of, origin] : all)
        aggregate.add(shares[static_cast<std::size_t>(origin.partition) * panes + random() % panes],
            std::move(of), origin);
    auto merge = [&](auto& into, auto&& from) { aggregate.merge(into, std::move(from)); };
    return aggregate.finish(merged_into_one(std::move(shares), merge, random));
}

/// The same as windows do that are cut apart for each key.
template <class Aggregate>
auto dealt_out_by_key(Aggregate& aggregate, std::vector<placed> all, std::mt19937& random)
{
    struct piece {
        typename Aggregate::key_type key;
        cs::partition_id partition;
        unsigned pane;
        typename Aggregate::part part;
        cs::row_origin origin;
    };
    std::vector<piece> pieces;
    const auto panes = static_cast<unsigned>(random() % 3 + 1);
    for (auto& [of, origin] : all) {
        const auto pane = static_cast<unsigned>(random() % panes);
        auto [key, rest] = aggregate.split(std::move(of));
        const auto open = std::find_if(pieces.begin(), pieces.end(), [&](const piece& p) {
            return p.key == key && p.partition == origin.partition && p.pane == pane;
        });
        if (open != pieces.end()) {
            aggregate.extend(open->part, std::forward<decltype(rest)>(rest), origin);
        } else {
            typename Aggregate::key_type owned(key);
            pieces.push_back({std::move(owned), origin.partition, pane,
                aggregate.begin(std::forward<decltype(rest)>(rest), origin), origin});
        }
    }
    std::shuffle(pieces.begin(), pieces.end(), random);
    typename Aggregate::share rows;
    for (auto& p : pieces) aggregate.append(rows, p.key, std::move(p.part), p.origin);
    return aggregate.finish(std::move(rows));
}

/// Whatever the order in which shares are merged, `check(readings, result)`.
template <class Closure, class Check>
void whatever_the_order(Closure closure, Check check)
{
    auto aggregate = std::move(closure).template over<reading>();
    static_assert(cs::aggregate_of<decltype(aggregate), reading>);
    constexpr bool keyed = cs::keyed_aggregate_of<decltype(aggregate), reading>;
    for (unsigned seed = 0; seed < 300 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        const auto all = some_readings(random);
        check(all, dealt_out(aggregate, all, random));
        if constexpr (keyed) check(all, dealt_out_by_key(aggregate, all, random));
    }
}
