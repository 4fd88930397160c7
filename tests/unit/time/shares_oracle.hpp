#pragma once

// Random use of the shares of a partition, next to a map of them.

#include <corostream/time/detail/held.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>

namespace cs = corostream;

namespace shares_oracle {

/// Sums by name, as keyed aggregates have.
using table = std::map<std::string, int>;

/// Adds them up, and counts how often.
struct merger {
    int merged = 0;

    void merge(table& into, table&& from)
    {
        ++merged;
        for (const auto& [name, n] : from) into[name] += n;
    }
};

struct share {
    table values;
    std::int64_t first; // offset
    bool included = false;
    bool changed = true;
};

/// All shares by key. A growing range lets go of what it has as a whole.
struct plain {
    std::map<int, share> all;
    std::optional<int> included; // highest

    std::optional<table> sum(int from, int until, bool also_fresh) const
    {
        std::optional<table> whole;
        for (const auto& [key, s] : all) {
            if (key < from || key >= until || (!s.included && !also_fresh)) continue;
            if (!whole) whole.emplace();
            for (const auto& [name, n] : s.values) (*whole)[name] += n;
        }
        return whole;
    }
    std::int64_t hold() const
    {
        auto lowest = cs::nothing_held;
        for (const auto& [key, s] : all) lowest = std::min(lowest, s.first);
        return lowest;
    }
};

/// A range that slides on over rising keys, as windows make it do: shares come fresh, are included,
/// amended and let go of.
template <class Shares>
void slides(Shares& s, unsigned seed, bool grows)
{
    std::mt19937 random(seed);
    const auto pick
        = [&](int low, int high) { return std::uniform_int_distribution(low, high)(random); };
    merger m;
    plain p;
    int begin = 0, end = 0; // what is before `begin` is gone, before `end` included
    std::int64_t offset = 0;
    const int reach = pick(1, 30);
    const auto values = [&] {
        table t;
        for (int n = pick(1, 2); n > 0; --n)
            t["a name longer than a small string " + std::to_string(pick(1, 4))] += pick(-9, 9);
        return t;
    };
    for (int step = 0; step < 40; ++step) {
        const auto what = pick(0, 9);
        if (what < 4) {
            const int key = end + pick(0, reach);
            const auto more = values();
            const auto at = p.all.find(key);
            const auto [entry, fresh] = s.fresh(key, {offset, {}});
            ASSERT_EQ(fresh, at == p.all.end());
            entry->note.change();
            m.merge(entry->share, table(more));
            auto& known = p.all.try_emplace(key, share{{}, offset}).first->second;
            for (const auto& [name, n] : more) known.values[name] += n;
            known.changed = true;
            ++offset;
        } else if (what < 6) {
            end += pick(0, reach);
            s.include(end, m);
            for (auto& [key, known] : p.all)
                if (key < end) known.included = true, p.included = std::max(p.included, {key});
        } else if (what == 6) {
            // what comes too late for a window that is out is added to those that follow
            const int key = pick(begin, end + reach);
            const bool included = p.included && key <= *p.included;
            ASSERT_EQ(s.is_included(key), included);
            if (!included && key < end) continue;
            if (included && grows && p.sum(begin, end, false) == std::nullopt)
                continue; // has begun anew
            const auto more = values();
            // it may have come before the share that it is added to
            const auto first = pick(0, 1) == 0 ? offset : std::max<std::int64_t>(0, offset - 5);
            s.amend(key, {{first, {}}}, more, m);
            auto& known = p.all.try_emplace(key, share{{}, first}).first->second;
            for (const auto& [name, n] : more) known.values[name] += n;
            known.first = std::min(known.first, first);
            known.included = included;
            known.changed = true;
            ++offset;
        } else if (what == 7) {
            begin = grows ? end : pick(begin, end);
            if constexpr (requires { s.slide(begin, 1, m); }) {
                if (pick(0, 1) == 0) s.evict(pick(0, begin), m);
                s.slide(begin, reach, m);
            } else {
                s.evict(begin, m);
            }
            std::erase_if(p.all, [&](const auto& e) { return e.first < begin; });
        } else if (what == 8) {
            ASSERT_EQ(s.query(m), p.sum(begin, end, false));
            const int until = end + pick(0, reach);
            ASSERT_EQ(s.query(begin, until, m), p.sum(begin, until, true));
        } else {
            s.settle();
            for (auto& [key, known] : p.all) known.changed = false;
        }
        ASSERT_EQ(s.empty(), p.all.empty());
        ASSERT_EQ(s.hold().offset, p.hold());
        ASSERT_EQ(s.query(m), p.sum(begin, end, false));
        const auto changed = std::find_if(
            p.all.begin(), p.all.end(), [](const auto& e) { return e.second.changed; });
        const auto* found = s.first_changed(begin);
        ASSERT_EQ(found != nullptr, changed != p.all.end());
        // in a sum of several it is not told apart
        ASSERT_TRUE(!found || *found == changed->first || changed->second.included);
        if (p.all.empty()) continue;
        ASSERT_EQ(s.first_key(), p.all.begin()->first);
        const auto last = p.all.rbegin()->first;
        ASSERT_TRUE(last < end || s.last_key() == last);
    }
}

} // namespace shares_oracle
