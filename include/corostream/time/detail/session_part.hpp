#pragma once

#include <corostream/core/detail/key_slots.hpp>
#include <corostream/time/detail/grid.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/held_groups.hpp>
#include <corostream/time/detail/parted.hpp>
#include <corostream/time/detail/per_key.hpp>
#include <corostream/time/detail/time_queue.hpp>
#include <corostream/time/detail/told_sessions.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

namespace corostream::detail {

/// The sessions of one partition: for each key those that have not been emitted. One may be joined
/// until the partition's own watermark comes to its end. What then may still change is in `told`.
template <class Aggregate, bool TellsAgain>
class session_part : public part_base {
    using keys = per_key<Aggregate>;
    struct nothing {};

public:
    using number = std::uint32_t;
    static constexpr number none = 0xFFFFFFFF;

    struct session {
        time_point begin, end;
        time_point joins_from; ///< begin, but not before the watermark of who brought it there
        time_point looked_at;  ///< when its end is to be looked at
        std::int64_t first_offset;
        typename keys::part of;
        number group;         ///< of what holds its first element
        number next = none;   ///< of the same key
        bool changed = true;  ///< since the last early result
        bool taken = false;   ///< into the session that is being put together
        [[no_unique_address]] std::conditional_t<TellsAgain, time_point, nothing> reaches{};
    };
    /// The sessions of a key.
    struct chain {
        number first = none;
    };
    using slots = key_slots<typename keys::key_type, chain>;

    void resume(time_point out, std::int64_t judged)
    {
        part_base::resume(out, judged);
        before = emitted;
    }

    /// Takes one element, unless it is late.
    template <class Input>
    verdict add(const moment& m, duration gap, Input&& v, const row_origin& origin, Aggregate& a)
    {
        const auto begin = m.time, end = m.time + gap;
        // what was read before a restart makes whole sessions again; those that are out are dropped
        // when they end, since an element alone does not tell which is its session
        const bool again = m.offset < seen;
        const auto out = again ? m.watermark : std::max(m.watermark, emitted);
        if (end <= out) [[unlikely]] {
            const auto known = of_key.find(keys::key_of(a, std::as_const(v)));
            if (known == slots::none || find_open(known, begin, end, out) == none) {
                if (time_after(end, allowed) <= out) return again ? verdict::told : verdict::late;
                if constexpr (TellsAgain)
                    add_late(m, gap, out, std::forward<Input>(v), origin, a);
                return verdict::counted;
            }
        }
        keys::split(a, std::forward<Input>(v), [&]<class Key, class X>(Key&& key, X&& x) {
            const auto slot = of_key.find_or_add(std::forward<Key>(key));
            const auto joins_from = std::max(begin, m.watermark);
            auto n = find_open(slot, begin, end, out);
            if (n == none) {
                n = make({begin, end, joins_from, end, m.offset,
                             keys::begin(a, std::forward<X>(x), origin),
                             groups_.add({m.offset, m.watermark})},
                    slot);
                looks.push({end, slot});
                if constexpr (TellsAgain) sessions_[n].reaches = reach(m);
            } else {
                auto& s = sessions_[n];
                keys::extend(a, s.of, std::forward<X>(x), origin);
                s.begin = std::min(s.begin, begin);
                s.joins_from = std::min(s.joins_from, joins_from);
                s.end = std::max(s.end, end);
                s.changed = true;
                if constexpr (TellsAgain) s.reaches = std::min(s.reaches, reach(m));
            }
            if (sessions_[first(slot)].next != none) join(slot, n, out, a);
        });
        return verdict::counted;
    }

    number first(number slot) const { return of_key[slot].first; }
    session& operator[](number n) { return sessions_[n]; }
    const session& operator[](number n) const { return sessions_[n]; }

    /// The first element that a session needs, or one that came soon before it.
    held hold() const { return groups_.first(); }
    /// The same for session `n`.
    held hold(number n) const { return groups_.first(sessions_[n].group); }

    /// Looks at the end of `s` again when it comes.
    void look_again(session& s, number slot, time_point at)
    {
        s.looked_at = at;
        looks.push({at, slot});
    }

    /// Lets go of session `n`, and of its key if that has no other.
    void erase(number slot, number n)
    {
        groups_.erase(sessions_[n].group);
        [[maybe_unused]] const auto gone = take(slot, n);
    }

    /// Session `n` is out at `now`, and may be told again.
    void tell(number slot, number n, time_point now)
    {
        const auto to = told.of_key.find_or_add(of_key.key(slot));
        auto s = take(slot, n);
        told.add(to, {{s.begin, s.end}, s.reaches, now, s.first_offset, std::move(s.of), s.group});
    }

    /// Lets go of the piece at `i` of those in `told`.
    void forget(number slot, std::size_t i)
    {
        auto& pieces = told.of_key[slot];
        groups_.erase(pieces[i].group);
        pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(i));
    }

    slots of_key;
    told_sessions<Aggregate> told;
    time_queue looks; ///< at the ends of sessions
    time_point before = time_point::min(); ///< `emitted` before those that are being emitted

private:
    /// An element reaches back to its time, but not to sessions that were out for good.
    time_point reach(const moment& m) const
    {
        return std::max(m.time, time_before(m.watermark, allowed));
    }

    /// Those that come late wait for the next multiple of the gap after the watermark: so they are
    /// told together, and in the same way however the partitions are read in turn.
    template <class Input>
    void add_late(const moment& m, duration gap, time_point out, Input&& v,
        const row_origin& origin, Aggregate& a)
    {
        const window_bounds at{m.time, m.time + gap};
        const auto due = std::min(grid{gap}.after(out), at.end + allowed);
        keys::split(a, std::forward<Input>(v), [&]<class Key, class X>(Key&& key, X&& x) {
            const auto slot = told.of_key.find_or_add(std::forward<Key>(key));
            if (auto* known = told.find_late(slot, due, at)) {
                keys::extend(a, known->of, std::forward<X>(x), origin);
                known->bounds.include(at);
                known->reaches = std::min(known->reaches, reach(m));
            } else {
                told.add(slot, {at, reach(m), due, m.offset,
                                   keys::begin(a, std::forward<X>(x), origin),
                                   groups_.add({m.offset, m.watermark})});
            }
        });
    }

    /// Takes session `n` out, and its key if that has no other.
    session take(number slot, number n)
    {
        auto* link = &of_key[slot].first;
        while (*link != n) link = &sessions_[*link].next;
        *link = sessions_[n].next;
        free_.push_back(n);
        if (first(slot) == none) of_key.erase(slot);
        return std::move(sessions_[n]);
    }

    number find_open(number slot, time_point begin, time_point end, time_point out) const
    {
        auto n = first(slot);
        for (; n != none; n = sessions_[n].next)
            if (const auto& s = sessions_[n]; s.end > out && s.begin < end && begin < s.end) break;
        return n;
    }

    number make(session&& s, number slot)
    {
        s.next = first(slot);
        auto n = static_cast<number>(sessions_.size());
        if (free_.empty()) {
            sessions_.push_back(std::move(s));
        } else {
            n = free_.back();
            free_.pop_back();
            sessions_[n] = std::move(s);
        }
        of_key[slot].first = n;
        return n;
    }

    /// Makes one of `into` and the open sessions that it has come to overlap.
    void join(number slot, number into, time_point out, Aggregate& a)
    {
        auto& whole = sessions_[into];
        for (auto n = first(slot); n != none;) {
            auto& s = sessions_[n];
            const auto next = s.next;
            if (n != into && s.end > out && s.begin < whole.end && whole.begin < s.end) {
                whole.begin = std::min(whole.begin, s.begin);
                whole.end = std::max(whole.end, s.end);
                whole.joins_from = std::min(whole.joins_from, s.joins_from);
                if constexpr (TellsAgain) whole.reaches = std::min(whole.reaches, s.reaches);
                if (s.first_offset < whole.first_offset) {
                    std::swap(s.first_offset, whole.first_offset);
                    std::swap(s.group, whole.group);
                }
                keys::merge(a, whole.of, std::move(s.of));
                erase(slot, n);
            }
            n = next;
        }
    }

    std::vector<session> sessions_;
    std::vector<number> free_;
    held_groups groups_;
};

} // namespace corostream::detail
