#pragma once

#include <corostream/core/cursor.hpp>
#include <corostream/core/detail/key_slots.hpp>
#include <corostream/time/detail/growing_shares.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/key_cuts.hpp>
#include <corostream/time/detail/parted.hpp>
#include <corostream/time/detail/per_key.hpp>
#include <corostream/time/detail/prune.hpp>
#include <corostream/time/detail/sliding_shares.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <numeric>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace corostream::detail {

/// The windows of so many elements of one partition: for each key that which is being filled, and
/// what is full and not due yet. The windows of a key are told in the order in which they were
/// filled.
template <class Windows, class Aggregate>
class count_part : public part_base {
    using keys = per_key<Aggregate>;
    static constexpr bool sized = requires(const Windows& w) { w.size(); };

    struct piece_type : piece<Aggregate> {
        time_point last_time = time_point::min();
    };
    struct merger : piece_merger<Aggregate> {
        void merge(piece_type& into, piece_type&& from)
        {
            into.last_time = std::max(into.last_time, from.last_time);
            piece_merger<Aggregate>::merge(into, std::move(from));
        }
    };
    using pieces_type = std::conditional_t<sized, sliding_shares<piece_type, std::int64_t>,
        growing_shares<piece_type, std::int64_t>>;

    /// The elements of one key, counted from 0.
    struct counter {
        pieces_type pieces;
        std::int64_t count = -1; // of one that is new
        std::int64_t begin = 0;  // of the first window that is not full
        std::int64_t out = 0;    // those before are needed no more
        time_point end = time_point::min(); // of the last window that was filled
        log_place last{-1};
        std::vector<log_place> hops; // the last of each hop
        std::size_t hop = 0;         // the first of those of a window that is not full
    };
    using slots = key_slots<typename keys::key_type, counter>;
    using number = typename slots::number;

public:
    /// One that is full.
    struct window {
        time_point begin, end;
        piece_type of;
        bool is_whole; ///< more will not come
        number slot;
        std::int64_t out;  ///< once it is told, elements before are needed no more
        log_place through; ///< the last of those
    };

    template <class Input>
    void add(const Windows& windows, const moment& m, Input&& v, const row_origin& origin,
        Aggregate& a)
    {
        at_ = {m.offset, m.offset == at_.offset ? at_.number + 1 : 0};
        watermark_ = m.watermark;
        keys::split(a, std::forward<Input>(v), [&]<class Key, class X>(Key&& key, X&& x) {
            const auto slot = of_key_.find_or_add(std::forward<Key>(key));
            auto& c = of_key_[slot];
            if (c.count < 0) c.count = c.begin = c.out = lived_;
            const held first{m.offset, m.watermark};
            const auto [entry, fresh] = c.pieces.fresh(c.count / pane_of(windows), first);
            if (fresh) {
                prune(first_, prune_at_, [this](const first_of& f) { return is_gone(f); });
                first_.push_back({first, slot, c.count});
            }
            entry->share.add(a, std::forward<X>(x), origin);
            entry->share.last_time = std::max(entry->share.last_time, m.time);
            c.last = at_;
            ++c.count;
            if (sized && c.count % windows.hop() == 0) c.hops.push_back(at_);
            if (c.count == next_end(windows, c)) fill(windows, slot, c, a, sized);
            if (cuts_.is_resuming() && cuts_.reach(at_)) [[unlikely]]
                drop(windows, slot, c);
        });
    }

    /// The input has ended: windows that are being filled are as full as they get. Those that have
    /// all are completed, told just before or not.
    void fill_all(const Windows& windows, Aggregate& a)
    {
        for (const auto slot : of_key_.numbers()) {
            auto& c = of_key_[slot];
            if constexpr (sized)
                while (c.begin < c.count) fill(windows, slot, c, a, true);
            else fill(windows, slot, c, a, true);
        }
    }

    /// The full window that is to be told next, or null.
    const window* next() const { return full_.empty() ? nullptr : &full_.front(); }

    /// Takes that one out, as told.
    window take_next()
    {
        std::pop_heap(full_.begin(), full_.end(), comes_after);
        auto told = std::move(full_.back());
        full_.pop_back();
        of_key_[told.slot].out = told.out;
        if (sized) cuts_.tell(told.slot, told.through);
        return told;
    }
    /// After its window was told: lets go of the key if it has nothing more, as soon as no restart
    /// needs to know. When it comes back, its windows begin anew.
    void let_go(number slot)
    {
        if (!is_empty(slot)) return;
        prune(gone_, prune_gone_at_, [this](const gone_key& k) { return is_back(k); });
        gone_.push_back({cuts_.last(slot), slot});
        forget_gone();
    }
    void forget_gone()
    {
        for (; !gone_.empty() && cuts_.is_past(gone_.front().last); gone_.pop_front()) {
            const auto slot = gone_.front().slot;
            if (is_back(gone_.front())) continue;
            lived_ = std::max(lived_, of_key_[slot].count);
            of_key_.erase(slot);
        }
    }
    std::size_t keys_held() const { return of_key_.size(); }

    const typename keys::key_type& key_of(const window& w) const { return of_key_.key(w.slot); }

    held hold() const
    {
        while (!first_.empty() && is_gone(first_.front())) first_.pop_front();
        return first_.empty() ? held{} : first_.front().offset;
    }

    key_cuts& cuts() { return cuts_; }
    const key_cuts& cuts() const { return cuts_; }

private:
    struct first_of {
        held offset;
        number slot;
        std::int64_t count;
    };

    static std::int64_t pane_of(const Windows& windows)
    {
        if constexpr (sized) return std::gcd(windows.size(), windows.hop());
        else return windows.hop();
    }
    static std::int64_t next_end(const Windows& windows, const counter& c)
    {
        if constexpr (sized) return c.begin + windows.size();
        else return c.begin + windows.hop();
    }

    bool is_gone(const first_of& f) const
    {
        return sized && (!of_key_.contains(f.slot) || f.count < of_key_[f.slot].out);
    }

    /// A key that had nothing more, and where it was told last.
    struct gone_key {
        log_place last;
        number slot;
    };
    bool is_empty(number slot) const
    {
        const auto& c = of_key_[slot];
        return sized && c.count == c.begin && c.count == c.out;
    }
    /// It has something again, or had and was told again.
    bool is_back(const gone_key& k) const
    {
        return !of_key_.contains(k.slot) || !is_empty(k.slot) || cuts_.last(k.slot) != k.last;
    }

    static bool comes_after(const window& x, const window& y)
    {
        return std::tie(x.end, x.through) > std::tie(y.end, y.through);
    }

    /// Puts the window that a key has filled aside, and goes on to the next.
    void fill(const Windows& windows, number slot, counter& c, Aggregate& a, bool is_whole)
    {
        merger into{{&a}};
        c.pieces.include(std::numeric_limits<std::int64_t>::max(), into);
        if constexpr (sized)
            c.pieces.slide(c.begin / pane_of(windows), windows.size() / pane_of(windows), into);
        auto values = c.pieces.query(into);
        c.begin += windows.hop();
        if (sized) c.pieces.evict(c.begin / pane_of(windows), into);
        // no earlier than what is out, of its key, too, since in order of ends they are told
        const auto time = std::max(values->last_time, watermark_) + duration(1);
        c.end = std::max({time, c.end, emitted});
        const auto begin = sized ? values->first_time : time_point::min();
        auto through = c.last;
        if (c.hop < c.hops.size()) through = c.hops[c.hop++];
        if (2 * c.hop >= c.hops.size()) {
            c.hops.erase(c.hops.begin(), c.hops.begin() + static_cast<std::ptrdiff_t>(c.hop));
            c.hop = 0;
        }
        full_.push_back({begin, c.end, *std::move(values), is_whole, slot,
            std::min(c.begin, c.count), through});
        std::push_heap(full_.begin(), full_.end(), comes_after);
    }

    /// What a key has had so far was told before a restart.
    void drop(const Windows& windows, number slot, counter& c)
    {
        std::erase_if(full_, [&](const window& w) { return w.slot == slot; });
        std::make_heap(full_.begin(), full_.end(), comes_after);
        const auto hop = windows.hop();
        c.count = c.begin = c.out = (c.count + hop - 1) / hop * hop;
        c.pieces = {};
        c.hops.clear();
        c.hop = 0;
        c.end = time_point::min();
        cuts_.tell(slot, at_);
        let_go(slot);
    }

    slots of_key_;
    std::vector<window> full_;           // a heap
    mutable std::deque<first_of> first_; // of each pane, as they came; void if it is gone
    std::size_t prune_at_ = 0;
    std::deque<gone_key> gone_;
    std::size_t prune_gone_at_ = 0;
    /// Up to where keys that are gone have counted; those that come count from there, so that what
    /// was told of one that had its slot is before that.
    std::int64_t lived_ = 0;
    key_cuts cuts_;
    log_place at_{-1};
    time_point watermark_ = time_point::min();
};

} // namespace corostream::detail
