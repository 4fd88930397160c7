#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/core/detail/key_slots.hpp>
#include <corostream/time/detail/growing_shares.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/per_key.hpp>
#include <corostream/time/detail/sliding_shares.hpp>
#include <corostream/time/detail/window_options.hpp>
#include <corostream/time/window_result.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <numeric>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace corostream::detail {

/// The windows of so many elements that are being filled; see `pane_state` for what its members do.
/// What is full waits until time has come to its end. Windows without a size hold everything.
template <class Windows, class Aggregate>
class count_state {
    static constexpr bool sized = requires(const Windows& w) { w.size(); };
    using keys = per_key<Aggregate>;
    using piece_type = piece<Aggregate>;
    using pieces_type = std::conditional_t<sized, sliding_shares<piece_type, std::int64_t>,
        growing_shares<piece_type, std::int64_t>>;

public:
    using result = window_result<typename Aggregate::result>;
    using share_type = typename Aggregate::share;
    static constexpr bool needs_copies = true;

    count_state(Windows windows, const window_options&, Aggregate aggregate)
        : hop_(windows.hop())
        , aggregate_(std::move(aggregate))
    {
        if constexpr (sized) size_ = windows.size();
        pane_ = sized ? std::gcd(size_, hop_) : hop_;
    }

    bool owns(partition_id p) const { return known(p) && at(p).present; }
    void resume(partition_id p, time_point emitted = time_point::min(), std::int64_t = -1)
    {
        if (!known(p)) parts_.resize(static_cast<std::size_t>(p) + 1);
        auto& of = parts_[static_cast<std::size_t>(p)];
        of.present = true;
        of.latest = std::max(of.latest, emitted);
    }
    void open(partition_id p)
    {
        current_ = &parts_[static_cast<std::size_t>(p)];
        partition_ = p;
    }

    template <class Input>
    verdict add(const moment& m, Input&& v)
    {
        auto& p = *current_;
        // the watermark is ahead of what comes from a partition that was idle
        p.latest = std::max(p.latest, std::max(m.time, m.watermark) + duration(1));
        keys::split(aggregate_, std::forward<Input>(v), [&]<class Key, class X>(Key&& key, X&& x) {
            const auto slot = p.of_key.find_or_add(std::forward<Key>(key));
            auto& c = p.of_key[slot];
            const held first{m.offset, m.watermark};
            const auto [entry, fresh] = c.pieces.fresh(c.count / pane_, first);
            if (fresh) p.first.push_back({first, slot, c.count / pane_});
            entry->share.add(aggregate_, std::forward<X>(x), {partition_, m.offset, m.time});
            if (++c.count == c.next_end(size_, hop_)) fill(p, slot, c);
        });
        return verdict::counted;
    }
    static void start(time_point) {}

    time_point next_end() const
    {
        auto next = never;
        for (const auto& p : parts_)
            if (!p.full.empty()) next = std::min(next, p.full.front().end);
        return next;
    }
    held hold(partition_id p) const
    {
        held first;
        if (!known(p)) return first;
        const auto& of = at(p);
        while (!of.first.empty() && is_gone(of, of.first.front())) of.first.pop_front();
        if (!of.first.empty()) first = of.first.front().offset;
        for (const auto& f : of.full) first.include(f.first);
        return first;
    }
    time_point emitted(partition_id p) const
    {
        return known(p) ? at(p).emitted : time_point::min();
    }
    static std::int64_t seen(partition_id) { return -1; } // nothing is late
    time_point oldest(partition_id p) const
    {
        return known(p) && !at(p).full.empty() ? at(p).full.front().begin : never;
    }
    void revoke(partition_id p)
    {
        if (known(p)) parts_[static_cast<std::size_t>(p)] = {};
    }

    template <class Emit>
    bool fire(time_point watermark, Emit emit)
    {
        bool any = false;
        for (auto end = next_end(); end <= watermark && end != never; end = next_end()) {
            any = true;
            if (!emit(take(end))) break;
        }
        return any;
    }

    template <class Emit>
    bool flush(time_point, Emit emit)
    {
        for (auto& p : parts_)
            for (const auto slot : p.of_key.numbers())
                if (auto& c = p.of_key[slot]; c.count > std::exchange(c.told, c.count))
                    fill(p, slot, c);
        complete_ = true;
        return fire(never - duration(1), emit);
    }

    /// What is not full is not told.
    template <class Emit>
    void peek(Emit)
    {
    }

private:
    using slots_number = std::uint32_t;
    struct counter {
        pieces_type pieces;
        std::int64_t count = 0;
        std::int64_t begin = 0; // of the window that is filled
        std::int64_t told = 0; // elements that have been in a window
        std::int64_t next_end(std::int64_t size, std::int64_t hop) const
        {
            return begin + (sized ? size : hop);
        }
    };
    struct window {
        time_point begin, end;
        held first;
        typename keys::key_type key;
        piece_type of;
    };
    struct first_of {
        held offset;
        slots_number slot;
        std::int64_t pane;
    };
    struct part {
        key_slots<typename keys::key_type, counter> of_key;
        std::deque<window> full;
        mutable std::deque<first_of> first; // of each pane, as they came
        time_point latest = time_point::min(); // right after the highest time
        time_point emitted = time_point::min();
        bool present = false;
    };

    bool known(partition_id p) const { return static_cast<std::size_t>(p) < parts_.size(); }
    const part& at(partition_id p) const { return parts_[static_cast<std::size_t>(p)]; }

    static bool is_gone(const part& p, const first_of& f)
    {
        if (!sized) return false;
        if (!p.of_key.contains(f.slot)) return true;
        const auto& pieces = p.of_key[f.slot].pieces;
        return pieces.empty() || pieces.first_key() > f.pane;
    }

    /// Puts the window that a key has filled aside, and goes on to the next.
    void fill(part& p, slots_number slot, counter& c)
    {
        piece_merger<Aggregate> merger{&aggregate_};
        const auto first = c.pieces.hold();
        c.pieces.include(std::numeric_limits<std::int64_t>::max(), merger);
        auto values = c.pieces.query(merger);
        c.begin += hop_;
        c.told = c.count;
        if (sized) c.pieces.evict(c.begin / pane_, merger);
        const auto begin = sized ? values->first_time : time_point::min();
        const auto end = std::max(p.latest, p.emitted);
        window made{begin, end, first, p.of_key.key(slot), *std::move(values)};
        const auto comes_before = [](const window& a, const window& b) {
            return std::tie(a.end, a.begin, a.of.first_offset)
                 < std::tie(b.end, b.begin, b.of.first_offset);
        };
        p.full.insert( // nearly always the last
            std::upper_bound(p.full.begin(), p.full.end(), made, comes_before), std::move(made));
    }

    result take(time_point end)
    {
        std::size_t from = 0;
        const auto comes_before = [](const window& a, const window& b) {
            return std::tie(a.end, a.begin) < std::tie(b.end, b.begin);
        };
        const auto of = [this](std::size_t p) -> const window& { return parts_[p].full.front(); };
        while (parts_[from].full.empty()) ++from;
        for (auto p = from + 1; p < parts_.size(); ++p)
            if (!parts_[p].full.empty() && comes_before(of(p), of(from))) from = p;
        auto w = std::move(parts_[from].full.front());
        parts_[from].full.pop_front();
        for (auto& p : parts_)
            if (p.present) p.emitted = std::max(p.emitted, end);
        typename Aggregate::share rows{};
        const row_origin origin{
            static_cast<partition_id>(from), w.of.first_offset, w.of.first_time};
        keys::append(aggregate_, rows, std::move(w.key), *std::move(w.of.value), origin);
        const bool early = !sized && !complete_;
        return result(w.begin, w.end, aggregate_.finish(std::move(rows)),
            early ? emission::early : emission::complete);
    }

    std::int64_t hop_, size_ = 0, pane_ = 1;
    Aggregate aggregate_;
    std::vector<part> parts_;
    part* current_ = nullptr;
    partition_id partition_ = 0;
    bool complete_ = false; // the input has ended
};

} // namespace corostream::detail
