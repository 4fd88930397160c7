#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/core/row_origin.hpp>
#include <corostream/time/detail/keyed_window.hpp>
#include <corostream/time/detail/told_sessions.hpp>
#include <corostream/time/window_result.hpp>

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>
#include <vector>

namespace corostream::detail {

/// Tells sessions that are out, again if late elements have changed them, and lets go of them when
/// nothing can any more. A view of the parts of a stream, made where it is needed.
///
/// What is told at a moment is a function of the logs: each partition's pieces that are due by then
/// and overlap. A session that has other bounds than it was told with is taken back first.
template <class Part, class Aggregate>
class session_updates {
    using piece = typename told_sessions<Aggregate>::piece;
    using number = typename told_sessions<Aggregate>::number;
    using whole = keyed_window<Aggregate>;

public:
    session_updates(std::vector<Part>& parts, duration allowed, Aggregate& aggregate)
        : parts_(&parts)
        , allowed_(allowed)
        , aggregate_(&aggregate)
    {
    }

    /// Adds to `all` what is due at `now`.
    void tell(time_point now, std::vector<whole>& all)
    {
        for (auto& part : *parts_) {
            auto& told = part.told;
            while (!told.dues.empty() && told.dues.top().time == now) {
                const auto slot = told.dues.top().number;
                told.dues.pop();
                for (auto& p : told.of_key[slot])
                    if (p.due == now && !p.told) tell(part, slot, p, all);
            }
        }
    }

    /// Lets go of what nothing that comes after `watermark` can join.
    void forget(time_point watermark)
    {
        for (auto& part : *parts_) {
            if (part.present)
                part.out_for_good = std::max(part.out_for_good, time_before(watermark, allowed_));
            auto& fades = part.told.fades;
            while (!fades.empty() && fades.top().time <= watermark) {
                const auto slot = fades.top().number;
                fades.pop();
                if (part.told.of_key.contains(slot)) forget(part, slot, watermark);
            }
        }
    }

private:
    struct member {
        Part* part;
        number slot;
        piece* of;

        row_origin origin(const Part* first) const
        {
            return {static_cast<partition_id>(part - first), of->first_offset, of->bounds.begin};
        }
    };
    /// Pieces of a key, of all partitions, that are one session.
    struct group {
        window_bounds bounds;
        time_point reaches;
        std::vector<member> all;
    };

    group group_of(Part& part, number slot, piece& first, time_point now)
    {
        group g{first.bounds, first.reaches, {{&part, slot, &first}}};
        first.taken = true;
        const auto& key = part.told.of_key.key(slot);
        for (bool grew = true; grew;) {
            grew = false;
            for (auto& q : *parts_) {
                const auto here = &q == &part ? slot : q.told.of_key.find(key);
                if (here == Part::slots::none) continue;
                for (auto& p : q.told.of_key[here]) {
                    if (p.taken || p.due > now || !is_joined(g, p.reaches, p.bounds.end)) continue;
                    p.taken = grew = true;
                    g.bounds.include(p.bounds);
                    g.reaches = std::min(g.reaches, p.reaches);
                    g.all.push_back({&q, here, &p});
                }
            }
        }
        for (auto& m : g.all) m.of->taken = false;
        std::sort(g.all.begin(), g.all.end(), [](const member& a, const member& b) {
            return std::tie(a.part, a.of->first_offset, a.of->due, a.of->bounds.begin)
                 < std::tie(b.part, b.of->first_offset, b.of->due, b.of->bounds.begin);
        });
        return g;
    }

    static bool is_joined(const group& g, time_point reaches, time_point end)
    {
        return reaches < g.bounds.end && g.reaches < end;
    }

    void tell(Part& part, number slot, piece& first, std::vector<whole>& all)
    {
        const auto g = group_of(part, slot, first, first.due);
        whole w{g.bounds, part.told.of_key.key(slot)};
        for (const auto& m : g.all) // what was told for good before a restart is not told again
            if (m.part->out_for_good < g.bounds.end) add(w, m);
        if (w.of) {
            if (take_back(g, w.key, all)) w.what = emission::update;
            all.push_back(std::move(w));
        }
        for (const auto& m : g.all) {
            m.of->told = g.bounds;
            m.part->told.fades.push({time_after(g.bounds.end, allowed_), m.slot});
        }
    }

    /// Adds to `all` the sessions that the pieces of `g` were told in, if they had other bounds.
    /// Returns whether they were told at all.
    bool take_back(
        const group& g, const typename whole::key_type& key, std::vector<whole>& all)
    {
        std::vector<window_bounds> old;
        for (const auto& m : g.all)
            if (m.of->told && std::find(old.begin(), old.end(), *m.of->told) == old.end())
                old.push_back(*m.of->told);
        for (const auto& bounds : old) {
            if (bounds == g.bounds) continue;
            whole gone{bounds, key, emission::retracted};
            for (const auto& m : g.all)
                if (m.of->told == bounds) add(gone, m);
            all.push_back(std::move(gone));
        }
        return !old.empty();
    }

    void add(whole& to, const member& m)
    {
        auto values = m.of->of;
        to.add(m.origin(parts_->data()), std::move(values), *aggregate_);
    }

    void forget(Part& part, number slot, time_point watermark)
    {
        auto& pieces = part.told.of_key[slot];
        auto look_again = never;
        for (std::size_t i = 0; i < pieces.size();) {
            auto& p = pieces[i];
            if (!p.told || time_after(p.told->end, allowed_) > watermark) {
                ++i; // there will be another look at it
                continue;
            }
            const auto joins = next_to_join(group_of(part, slot, p, watermark));
            look_again = std::min(look_again, joins);
            if (joins == never) part.forget(slot, i);
            else ++i;
        }
        if (look_again != never) part.told.fades.push({look_again, slot});
        if (pieces.empty()) part.told.of_key.erase(slot);
    }

    /// When the next of those that `g` is going to be joined by is looked at, or due.
    time_point next_to_join(const group& g)
    {
        auto next = never;
        const auto& first = g.all.front();
        const auto& key = first.part->told.of_key.key(first.slot);
        for (const auto& q : *parts_) {
            if (const auto slot = q.told.of_key.find(key); slot != Part::slots::none)
                for (const auto& p : q.told.of_key[slot])
                    if (!p.told && is_joined(g, p.reaches, p.bounds.end))
                        next = std::min(next, p.due);
            if (const auto slot = q.of_key.find(key); slot != Part::slots::none)
                for (auto n = q.first(slot); n != Part::none; n = q[n].next)
                    if (is_joined(g, q[n].reaches, q[n].end))
                        next = std::min(next, q[n].looked_at);
        }
        return next;
    }

    std::vector<Part>* parts_;
    duration allowed_;
    Aggregate* aggregate_;
};

} // namespace corostream::detail
