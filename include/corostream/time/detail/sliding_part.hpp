#pragma once

#include <corostream/core/detail/key_slots.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/parted.hpp>
#include <corostream/time/detail/per_key.hpp>
#include <corostream/time/detail/sliding_shares.hpp>
#include <corostream/time/detail/time_queue.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace corostream::detail {

/// The events of one partition that windows to come can have, a piece a key and moment. One that is
/// too late for a window of its own is set aside until that would be out.
template <class Aggregate>
class sliding_part : public part_base {
    using keys = per_key<Aggregate>;
    using piece_type = piece<Aggregate>;

    struct straggler {
        time_point after; // windows that end by then do not have it
        time_point time;
        held first;
        piece_type of;
    };

public:
    /// The events of one key.
    struct series {
        sliding_shares<piece_type, time_point, no_note> pieces;
        std::vector<straggler> stragglers;
        time_point due = time_point::min(); ///< its window that is being put together
        bool is_watched = false;            ///< `forget` will look at it
    };
    using slots = key_slots<typename keys::key_type, series>;
    using number = typename slots::number;

    /// Takes one element, unless it is late.
    template <class Input>
    verdict add(const moment& m, duration size, Input&& v, const row_origin& origin, Aggregate& a)
    {
        const auto out = std::max(m.watermark, emitted);
        if (m.time + size <= out) return m.offset < seen ? verdict::told : verdict::late;
        keys::split(a, std::forward<Input>(v), [&]<class Key, class X>(Key&& key, X&& x) {
            const auto slot = of_key.find_or_add(std::forward<Key>(key));
            place(slot, m, out).add(a, std::forward<X>(x), origin);
        });
        // one that happened no later than one before it goes no later, either
        if (first_.empty() || first_.back().second < m.time)
            first_.emplace_back(held{m.offset, m.watermark}, m.time);
        return verdict::counted;
    }

    /// What a key has of the window that ends with the moment `time`.
    std::optional<piece_type> take(series& of, time_point time, duration size, Aggregate& a)
    {
        piece_merger<Aggregate> merger{&a};
        const auto end = time + duration(1);
        std::erase_if(of.stragglers, [&](straggler& s) {
            if (s.after >= end) return false;
            if (s.time + size <= time) return true; // nor has a later window it
            if (of.pieces.is_included(s.time)) {
                of.pieces.amend(s.time, s.first, s.of, merger);
            } else {
                const auto entry = of.pieces.fresh(s.time, s.first).first;
                merger.merge(entry->share, std::move(s.of));
            }
            return true;
        });
        of.pieces.include(end, merger);
        of.pieces.evict(end - size, merger);
        return of.pieces.query(merger);
    }

    /// Lets go of what no window to come has: what is `size` or more before `reached`. Of a key
    /// that still has events that is done by its next window, so a key is looked at once a `size`
    /// or so.
    void forget(time_point reached, duration size, Aggregate& a)
    {
        while (!first_.empty() && first_.front().second + size <= reached) first_.pop_front();
        piece_merger<Aggregate> merger{&a};
        while (!watched_.empty() && watched_.top().time + size <= reached) {
            const auto slot = watched_.top().number;
            watched_.pop();
            auto& of = of_key[slot];
            of.pieces.evict(reached - size + duration(1), merger);
            std::erase_if(
                of.stragglers, [&](const straggler& s) { return s.time + size <= reached; });
            auto last = time_point::min();
            if (!of.pieces.empty()) last = of.pieces.last_key();
            for (const auto& s : of.stragglers) last = std::max(last, s.time);
            if (last == time_point::min()) of_key.erase(slot);
            else watched_.push({last, slot});
        }
    }

    /// The first element that a window to come can have.
    held hold() const { return first_.empty() ? held{} : first_.front().first; }

    slots of_key;
    time_queue due; ///< moments whose windows have not been emitted

private:
    piece_type& place(number slot, const moment& m, time_point out)
    {
        auto& of = of_key[slot];
        if (!std::exchange(of.is_watched, true)) watched_.push({m.time, slot});
        const held first{m.offset, m.watermark};
        if (m.time + duration(1) > out) {
            const auto [entry, fresh] = of.pieces.fresh(m.time, first);
            if (fresh) due.push({m.time, slot});
            return entry->share;
        }
        for (auto& s : of.stragglers)
            if (s.after == out && s.time == m.time) return s.of;
        return of.stragglers.emplace_back(straggler{out, m.time, first, {}}).of;
    }

    time_queue watched_; // a key each
    std::deque<std::pair<held, time_point>> first_; // and when it happened; later ones behind
};

} // namespace corostream::detail
