#pragma once

#include <corostream/core/detail/key_slots.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/parted.hpp>
#include <corostream/time/detail/per_key.hpp>
#include <corostream/time/detail/time_queue.hpp>

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace corostream::detail {

/// The sessions of one partition: for each key those that have not been emitted. One may be joined
/// until the partition's own watermark comes to its end.
template <class Aggregate>
class session_part : public part_base {
    using keys = per_key<Aggregate>;

public:
    struct session {
        time_point begin, end;
        time_point joins_from; ///< begin, but not before the watermark of who brought it there
        held first;
        piece<Aggregate> of;
        time_point looked_at; ///< when its end is to be looked at
        bool changed = true;  ///< since the last early result
        bool taken = false;   ///< into the session that is being put together
    };
    using chain = boost::container::small_vector<session, 1>;
    using slots = key_slots<typename keys::key_type, chain>;
    using number = typename slots::number;

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
            if (known == slots::none || !find_open(of_key[known], begin, end, out))
                return again ? verdict::told : verdict::late;
        }
        keys::split(a, std::forward<Input>(v), [&]<class Key, class X>(Key&& key, X&& x) {
            const auto slot = of_key.find_or_add(std::forward<Key>(key));
            auto& all = of_key[slot];
            auto* s = find_open(all, begin, end, out);
            if (!s) {
                s = &all.emplace_back(session{begin, end, end, {m.offset, m.watermark}, {}, end});
                looks.push({end, slot});
                remember({m.offset, slot});
            }
            s->of.add(a, std::forward<X>(x), origin);
            s->begin = std::min(s->begin, begin);
            s->joins_from = std::min(s->joins_from, std::max(begin, m.watermark));
            s->end = std::max(s->end, end);
            s->changed = true;
            if (all.size() > 1) join(all, *s, out, a);
        });
        return verdict::counted;
    }

    /// The first element that a session needs.
    held hold() const
    {
        for (; !created_.empty(); created_.pop_front())
            if (const auto* s = find_made_by(created_.front())) return s->first;
        return {};
    }

    /// Looks at the end of `s` again when it comes.
    void look_again(session& s, number slot, time_point at)
    {
        s.looked_at = at;
        looks.push({at, slot});
    }

    slots of_key;
    time_queue looks; ///< at the ends of sessions
    time_point before = time_point::min(); ///< the same, before those that are being emitted

private:
    struct creation {
        std::int64_t offset;
        number slot;
    };

    static session* find_open(chain& all, time_point begin, time_point end, time_point out)
    {
        for (auto& s : all)
            if (s.end > out && s.begin < end && begin < s.end) return &s;
        return nullptr;
    }

    /// Makes one of `into` and the open sessions that it has come to overlap.
    void join(chain& all, session& into, time_point out, Aggregate& a)
    {
        piece_merger<Aggregate> merger{&a};
        auto* at = &into;
        for (std::size_t i = 0; i < all.size();) {
            auto& s = all[i];
            if (&s == at || s.end <= out || s.begin >= at->end || at->begin >= s.end) {
                ++i;
                continue;
            }
            at->begin = std::min(at->begin, s.begin);
            at->end = std::max(at->end, s.end);
            at->joins_from = std::min(at->joins_from, s.joins_from);
            at->first.include(s.first);
            merger.merge(at->of, std::move(s.of));
            if (&s < at) --at;
            all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }

    void remember(const creation& c)
    {
        if (created_.size() >= enough_) {
            std::erase_if(created_, [this](const creation& old) { return !find_made_by(old); });
            enough_ = 64 + 2 * created_.size();
        }
        created_.push_back(c);
    }

    const session* find_made_by(const creation& c) const
    {
        for (const auto& s : of_key[c.slot])
            if (s.first.offset == c.offset) return &s;
        return nullptr;
    }

    mutable std::deque<creation> created_; // in order of offset, also those that are gone
    std::size_t enough_ = 64;              // then those that are gone are looked for
};

} // namespace corostream::detail
