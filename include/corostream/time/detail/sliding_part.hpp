#pragma once

#include <corostream/core/detail/key_slots.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/per_key.hpp>
#include <corostream/time/detail/sliding_shares.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace corostream::detail {

/// The events of one partition that windows to come can have, a piece a key and moment. One that is
/// too late for a window of its own is set aside until that would be out.
template <class Aggregate>
class sliding_part {
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
        sliding_shares<piece_type> pieces;
        std::vector<straggler> stragglers;
        time_point due = time_point::min(); ///< its window that is being put together
    };
    using slots = key_slots<typename keys::key_type, series>;
    using number = typename slots::number;
    struct event {
        time_point time;
        number slot;
        friend bool operator>(const event& a, const event& b) { return a.time > b.time; }
    };
    using events = std::priority_queue<event, std::vector<event>, std::greater<>>;

    void resume(time_point out, std::int64_t judged)
    {
        present = true;
        emitted = std::max(emitted, out);
        seen = judged;
    }

    /// Takes one element, unless it is late.
    template <class Input>
    verdict add(const moment& m, duration size, Input&& v, const row_origin& origin, Aggregate& a)
    {
        const auto out = std::max(m.watermark, emitted);
        if (m.time + size <= out) return m.offset < seen ? verdict::told : verdict::late;
        keys::split(a, std::forward<Input>(v), [&]<class Key, class X>(Key&& key, X&& x) {
            const auto slot = of_key.find_or_add(std::forward<Key>(key));
            const held first{m.offset, m.watermark};
            place(of_key[slot], slot, m.time, out, first).add(a, std::forward<X>(x), origin);
        });
        return verdict::counted;
    }

    /// What a key has of the window that ends with the moment `time`.
    std::optional<piece_type> take(series& of, time_point time, duration size, Aggregate& a)
    {
        piece_merger<Aggregate> merger{&a};
        const auto end = time + duration(1);
        std::erase_if(of.stragglers, [&](straggler& s) {
            if (s.after >= end) return false;
            if (of.pieces.is_included(s.time)) {
                of.pieces.amend(s.time, s.first, s.of, merger);
            } else {
                const auto entry = of.pieces.fresh(s.time, s.first).first;
                entry->first.include(s.first);
                merger.merge(entry->share, std::move(s.of));
            }
            return true;
        });
        of.pieces.include(end, merger);
        of.pieces.evict(end - size, merger);
        return of.pieces.query(merger);
    }

    /// Lets go of what no window to come has: what is `size` or more before `reached`.
    void forget(time_point reached, duration size, Aggregate& a)
    {
        piece_merger<Aggregate> merger{&a};
        while (!kept_.empty() && kept_.top().time + size <= reached) {
            const auto slot = kept_.top().slot;
            kept_.pop();
            auto& of = of_key[slot];
            of.pieces.evict(reached - size + duration(1), merger);
            std::erase_if(
                of.stragglers, [&](const straggler& s) { return s.time + size <= reached; });
            const bool gone = of.pieces.empty() && of.stragglers.empty();
            if (gone && of_key.contains(slot)) of_key.erase(slot);
        }
        reached_ = reached;
        size_ = size;
    }

    /// The first element that a window to come can have.
    held hold() const
    {
        const auto gone = [this](const auto& o) {
            return reached_ != time_point::min() && o.second + size_ <= reached_;
        };
        while (!offsets_.empty() && gone(offsets_.front())) offsets_.pop_front();
        return offsets_.empty() ? held{} : offsets_.front().first;
    }

    slots of_key;
    events due; ///< moments whose windows have not been emitted
    time_point emitted = time_point::min(); ///< windows that end by then are out
    std::int64_t seen = -1; ///< what comes before was judged before a restart
    bool present = false;

private:
    piece_type& place(
        series& of, number slot, time_point time, time_point out, const held& first)
    {
        if (time + duration(1) > out) {
            const auto [entry, fresh] = of.pieces.fresh(time, first);
            entry->changed = true;
            if (fresh) {
                due.push({time, slot});
                keep(time, slot, first);
            }
            return entry->share;
        }
        for (auto& s : of.stragglers)
            if (s.after == out && s.time == time) return s.of;
        keep(time, slot, first);
        return of.stragglers.emplace_back(straggler{out, time, first, {}}).of;
    }

    void keep(time_point time, number slot, const held& first)
    {
        kept_.push({time, slot});
        if (offsets_.size() > 64 + 2 * kept_.size())
            std::erase_if(
                offsets_, [this](const auto& o) { return o.second + size_ <= reached_; });
        offsets_.emplace_back(first, time);
    }

    events kept_;
    mutable std::deque<std::pair<held, time_point>> offsets_; // of what is kept, as it came
    time_point reached_ = time_point::min();
    duration size_{};
};

} // namespace corostream::detail
