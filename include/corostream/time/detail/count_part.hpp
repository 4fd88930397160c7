#pragma once

#include <corostream/core/detail/key_slots.hpp>
#include <corostream/time/detail/growing_shares.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/parted.hpp>
#include <corostream/time/detail/per_key.hpp>
#include <corostream/time/detail/sliding_shares.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>
#include <numeric>
#include <tuple>
#include <type_traits>
#include <utility>

namespace corostream::detail {

/// The windows of so many elements of one partition: for each key that which is being filled, and
/// what is full and not due yet.
template <class Windows, class Aggregate>
class count_part : public part_base {
    using keys = per_key<Aggregate>;
    using piece_type = piece<Aggregate>;
    static constexpr bool sized = requires(const Windows& w) { w.size(); };

public:
    /// The elements of one key.
    struct counter {
        std::conditional_t<sized, sliding_shares<piece_type, std::int64_t>,
            growing_shares<piece_type, std::int64_t>>
            pieces;
        std::int64_t count = 0;
        std::int64_t begin = 0; ///< of the window that is filled
        std::int64_t told = 0;  ///< elements that have been in a window
    };
    /// One that is full.
    struct window {
        time_point begin, end;
        held first;
        typename keys::key_type key;
        piece_type of;
        bool is_whole; ///< more will not come
    };

    void resume(time_point out, std::int64_t judged)
    {
        part_base::resume(out, judged);
        latest_ = std::max(latest_, out);
    }

    template <class Input>
    void add(const Windows& windows, const moment& m, Input&& v, const row_origin& origin,
        Aggregate& a)
    {
        // the watermark is ahead of what comes from a partition that was idle
        latest_ = std::max(latest_, std::max(m.time, m.watermark) + duration(1));
        keys::split(a, std::forward<Input>(v), [&]<class Key, class X>(Key&& key, X&& x) {
            const auto slot = of_key_.find_or_add(std::forward<Key>(key));
            auto& c = of_key_[slot];
            const held first{m.offset, m.watermark};
            const auto pane = c.count / pane_of(windows);
            const auto [entry, fresh] = c.pieces.fresh(pane, first);
            if (fresh) first_.push_back({first, slot, pane});
            entry->share.add(a, std::forward<X>(x), origin);
            if (++c.count == next_end(windows, c)) fill(windows, slot, c, a, sized);
        });
    }

    /// The input has ended: what is being filled is as full as it gets. Windows that have all are
    /// completed, told just before or not.
    void fill_all(const Windows& windows, Aggregate& a)
    {
        for (const auto slot : of_key_.numbers())
            if (auto& c = of_key_[slot]; !sized || c.count > c.told)
                fill(windows, slot, c, a, true);
    }

    held hold() const
    {
        held needed;
        while (!first_.empty() && is_gone(first_.front())) first_.pop_front();
        if (!first_.empty()) needed = first_.front().offset;
        for (const auto& f : full) needed.include(f.first);
        return needed;
    }

    std::deque<window> full; ///< in order of their ends

private:
    using slots = key_slots<typename keys::key_type, counter>;
    struct first_of {
        held offset;
        typename slots::number slot;
        std::int64_t pane;
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
        if (!sized) return false;
        if (!of_key_.contains(f.slot)) return true;
        const auto& pieces = of_key_[f.slot].pieces;
        return pieces.empty() || pieces.first_key() > f.pane;
    }

    /// Puts the window that a key has filled aside, and goes on to the next.
    void fill(const Windows& windows, typename slots::number slot, counter& c, Aggregate& a,
        bool is_whole)
    {
        piece_merger<Aggregate> merger{&a};
        const auto first = c.pieces.hold();
        c.pieces.include(std::numeric_limits<std::int64_t>::max(), merger);
        auto values = c.pieces.query(merger);
        c.begin += windows.hop();
        c.told = c.count;
        if (sized) c.pieces.evict(c.begin / pane_of(windows), merger);
        const auto begin = sized ? values->first_time : time_point::min();
        const auto end = std::max(latest_, emitted);
        window made{begin, end, first, of_key_.key(slot), *std::move(values), is_whole};
        const auto comes_before = [](const window& x, const window& y) {
            return std::tie(x.end, x.begin, x.of.first_offset)
                 < std::tie(y.end, y.begin, y.of.first_offset);
        };
        full.insert( // nearly always the last
            std::upper_bound(full.begin(), full.end(), made, comes_before), std::move(made));
    }

    slots of_key_;
    mutable std::deque<first_of> first_;    // of each pane, as they came
    time_point latest_ = time_point::min(); // right after the highest time
};

} // namespace corostream::detail
