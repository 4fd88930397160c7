#pragma once

#include <corostream/core/detail/key_slots.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/parted.hpp>
#include <corostream/time/detail/per_key.hpp>
#include <corostream/time/detail/sliding_events.hpp>
#include <corostream/time/detail/time_queue.hpp>
#include <corostream/time/detail/told_events.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace corostream::detail {

/// What a key has at one moment, or in several.
template <class Aggregate>
struct event_piece {
    typename per_key<Aggregate>::part of;
    std::int64_t first_offset;
};

/// Makes pieces one, as `sliding_shares` wants it.
template <class Aggregate>
struct event_merger {
    Aggregate* aggregate;

    void merge(event_piece<Aggregate>& into, event_piece<Aggregate>&& from)
    {
        per_key<Aggregate>::merge(*aggregate, into.of, std::move(from.of));
        into.first_offset = std::min(into.first_offset, from.first_offset);
    }
};

/// The events of one partition that windows to come can have, a piece a key and moment. One that is
/// too late for a window of its own is set aside until that would be out. What then may still
/// change is in `told`.
template <class Aggregate, bool TellsAgain>
class sliding_part : public part_base {
    using keys = per_key<Aggregate>;

public:
    using piece = event_piece<Aggregate>;
    using merger = event_merger<Aggregate>;
    /// The events of one key.
    struct series {
        sliding_events<piece> events;
        bool is_due = false;         ///< its window is being put together
        bool is_watched = false;     ///< `forget` will look at it
        bool has_stragglers = false; ///< that are set aside
    };
    using slots = key_slots<typename keys::key_type, series>;
    using number = typename slots::number;
    using told_type = told_events<typename keys::key_type, piece>;

    /// Takes one element, unless it is late.
    template <class Input>
    verdict add(const moment& m, duration size, Input&& v, const row_origin& origin, Aggregate& a)
    {
        const auto out = std::max(m.watermark, emitted);
        const auto last = m.time + size;
        if ((TellsAgain ? time_after(last, allowed) : last) <= out)
            return m.offset < seen ? verdict::told : verdict::late;
        keys::split(a, std::forward<Input>(v), [&]<class Key, class X>(Key&& key, X&& x) {
            const auto make = [&] {
                return piece{keys::begin(a, std::forward<X>(x), origin), origin.offset};
            };
            if constexpr (TellsAgain)
                if (allowed > duration::zero())
                    return keep(std::forward<Key>(key), m.time, out, size, make(), a);
            const auto extend
                = [&](piece& known) { keys::extend(a, known.of, std::forward<X>(x), origin); };
            put(std::forward<Key>(key), m.time, out, make, extend, a);
        });
        remember(m, size);
        return verdict::counted;
    }

    /// What a key has of the window that ends with the moment `time`.
    std::optional<piece> take(number slot, time_point time, duration size, Aggregate& a)
    {
        merger merge{&a};
        auto& of = of_key[slot];
        const auto end = time + duration(1);
        if (of.has_stragglers)
            set_free(slot, [&](straggler& s) {
                if (s.after >= end) return false;
                if (s.time + size > time) of.events.amend(s.time, std::move(s.of), merge);
                return true; // nor has a later window it
            });
        of.events.include(end, merge);
        of.events.slide(end - size, size, merge);
        return of.events.query(merge);
    }

    /// Lets go of what no window to come has: what is `size` or more before `reached`. Of a key
    /// that still has events that is done by its next window, so a key is looked at once a `size`
    /// or so.
    void forget(time_point reached, duration size, Aggregate& a)
    {
        while (!first_.empty() && time_after(first_.front().last + size, allowed) <= reached)
            first_.pop_front();
        if constexpr (TellsAgain) {
            if (present)
                out_for_good = std::max(out_for_good, time_before(reached, allowed));
            told.forget(reached, size + allowed);
        }
        merger merge{&a};
        while (!watched_.empty() && watched_.front().first + size <= reached) {
            const auto slot = watched_.front().second;
            watched_.pop_front();
            auto& of = of_key[slot];
            of.events.evict(reached - size + duration(1), merge);
            auto last = time_point::min();
            if (!of.events.empty()) last = of.events.last_time();
            if (of.has_stragglers)
                set_free(slot, [&](const straggler& s) {
                    if (s.time + size <= reached) return true;
                    last = std::max(last, s.time);
                    return false;
                });
            if (last == time_point::min()) of_key.erase(slot);
            else watch(slot, last);
        }
    }

    /// The first element that a window to come can have, or one that came up to a 64th of a window
    /// before it.
    held hold() const { return first_.empty() ? held{} : first_.front().first; }

    slots of_key;
    time_queue due; ///< moments whose windows have not been emitted
    told_type told;

private:
    struct straggler {
        time_point after; // windows that end by then do not have it
        time_point time;
        piece of;
    };
    /// Elements that came one after another.
    struct stretch {
        held first;
        time_point begin, last;
    };

    /// Puts an event where windows to come find it, and where those that are told again do.
    template <class Key>
    void keep(Key&& key, time_point time, time_point out, duration size, piece&& one, Aggregate& a)
    {
        merger merge{&a};
        const bool is_late = time + duration(1) <= out;
        told.add(std::as_const(key), {time, is_late ? out : time_point::min(), piece(one)},
            size + allowed, merge);
        if (time + size <= out) return;
        const auto make = [&one] { return std::move(one); };
        const auto extend = [&](piece& known) { merge.merge(known, std::move(one)); };
        put(std::forward<Key>(key), time, out, make, extend, a);
    }

    /// Puts an event where windows to come find it, by `extend(piece&)` or `piece make()`.
    template <class Key, class Make, class Extend>
    void put(Key&& key, time_point time, time_point out, Make make, Extend extend, Aggregate& a)
    {
        const auto slot = of_key.find_or_add(std::forward<Key>(key));
        auto& of = of_key[slot];
        if (!std::exchange(of.is_watched, true)) watch(slot, time);
        if (time + duration(1) <= out) [[unlikely]] {
            of.has_stragglers = true;
            stragglers_[slot].push_back({out, time, make()});
        } else if (merger merge{&a}; of.events.add(time, make, extend, merge)) {
            due.push({time, slot});
        }
    }

    /// To be looked at when what happened at `time` goes; in turn, so perhaps a little later.
    void watch(number slot, time_point time)
    {
        if (!watched_.empty()) time = std::max(time, watched_.back().first);
        watched_.emplace_back(time, slot);
    }

    /// Lets go of the stragglers of a key for which `gone` is true.
    template <class Gone>
    void set_free(number slot, Gone gone)
    {
        const auto at = stragglers_.find(slot);
        auto& all = at->second;
        all.erase(std::remove_if(all.begin(), all.end(), gone), all.end());
        if (!all.empty()) return;
        stragglers_.erase(at);
        of_key[slot].has_stragglers = false;
    }

    /// What happened no later than something before it goes no later, either.
    void remember(const moment& m, duration size)
    {
        if (!first_.empty() && m.time <= first_.back().begin + size / 64)
            first_.back().last = std::max(first_.back().last, m.time);
        else if (first_.empty() || first_.back().last < m.time)
            first_.push_back({{m.offset, m.watermark}, m.time, m.time});
    }

    boost::unordered_flat_map<number, std::vector<straggler>> stragglers_;
    std::deque<std::pair<time_point, number>> watched_; // a key each
    std::deque<stretch> first_;
};

} // namespace corostream::detail
