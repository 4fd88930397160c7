#pragma once

#include <corostream/core/cursor.hpp>
#include <corostream/core/detail/key_slots.hpp>
#include <corostream/time/detail/count_pieces.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/held_groups.hpp>
#include <corostream/time/detail/key_cuts.hpp>
#include <corostream/time/detail/parted.hpp>
#include <corostream/time/detail/per_key.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
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
    using pieces_type
        = std::conditional_t<sized, sized_pieces<piece_type>, endless_pieces<piece_type>>;
    using slots = key_slots<typename keys::key_type, pieces_type>;
    using number = typename slots::number;

public:
    /// One that is full.
    struct window : pieces_type::window {
        number slot;
        time_point end;
        bool is_whole; ///< more will not come

        time_point begin() const { return sized ? this->of.first_time : time_point::min(); }
    };

    template <class Input>
    void add(const count_sizes& sizes, const moment& m, Input&& v, const row_origin& origin,
        Aggregate& a)
    {
        at_ = {m.offset, m.offset == at_.offset ? at_.number + 1 : 0};
        watermark_ = m.watermark;
        keys::split(a, std::forward<Input>(v), [&]<class Key, class X>(Key&& key, X&& x) {
            const auto slot = of_key_.find_or_add(std::forward<Key>(key));
            auto& c = of_key_[slot];
            auto& open = c.next(sizes, at_, [&] { return held_.add({m.offset, m.watermark}); });
            open.add(a, std::forward<X>(x), origin);
            open.last_time = std::max(open.last_time, m.time);
            if (c.count(sizes)) fill(sizes, slot, c, a, sized);
            if constexpr (sized)
                if (cuts_.is_resuming() && cuts_.reach(at_)) [[unlikely]]
                    drop(sizes, slot, c);
        });
    }

    /// Whatever came between, time has come to there.
    void come_to(time_point watermark) { watermark_ = std::max(watermark_, watermark); }

    /// The input has ended: windows that are being filled are as full as they get. Those that have
    /// all are completed, told just before or not.
    void fill_all(const count_sizes& sizes, Aggregate& a)
    {
        for (const auto slot : of_key_.numbers()) {
            auto& c = of_key_[slot];
            if constexpr (sized) {
                c.finish();
                while (!c.empty()) fill(sizes, slot, c, a, true);
            } else {
                fill(sizes, slot, c, a, true);
            }
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
        if constexpr (sized) {
            held_.erase(told.first);
            cuts_.tell(told.slot, told.through, forget());
        }
        return told;
    }
    const typename keys::key_type& key_of(const window& w) const { return of_key_.key(w.slot); }

    held hold() const { return held_.first(); }

    /// What a restart at `offset` has to know of the windows that are out.
    const std::vector<log_place>& cuts_from(std::int64_t offset)
    {
        return cuts_.from(offset, forget());
    }
    key_cuts& cuts() { return cuts_; }
    const key_cuts& cuts() const { return cuts_; }

private:
    static bool comes_after(const window& x, const window& y)
    {
        return std::tie(x.end, x.through, x.is_whole) > std::tie(y.end, y.through, y.is_whole);
    }

    /// A key goes with its last cut if nothing of it has come since: until then it may come back,
    /// and its next cut stands for this one, too.
    auto forget()
    {
        return [this](std::size_t key, const log_place& cut) {
            const auto slot = static_cast<number>(key);
            if (of_key_[slot].last() == cut) of_key_.erase(slot);
        };
    }

    /// Puts the window that a key has filled aside, and goes on to the next.
    void fill(const count_sizes& sizes, number slot, pieces_type& c, Aggregate& a, bool is_whole)
    {
        merger into{{&a}};
        auto full = c.take(sizes, into);
        // no earlier than what is out, of its key, too, since in order of ends they are told
        const auto time = std::max(full.of.last_time, watermark_) + duration(1);
        c.end = std::max({time, c.end, emitted});
        full_.push_back({std::move(full), slot, c.end, is_whole});
        std::push_heap(full_.begin(), full_.end(), comes_after);
    }

    /// What a key has had so far was told before a restart.
    void drop(const count_sizes& sizes, number slot, pieces_type& c)
    {
        std::erase_if(full_, [&](const window& w) {
            if (w.slot != slot) return false;
            held_.erase(w.first);
            return true;
        });
        std::make_heap(full_.begin(), full_.end(), comes_after);
        c.clear(sizes, [this](held_groups::number first) { held_.erase(first); });
        c.end = time_point::min();
        cuts_.tell(slot, at_, forget());
    }

    slots of_key_;
    std::vector<window> full_; // a heap
    held_groups held_;         // each hop that is not told
    key_cuts cuts_;
    log_place at_{-1};
    time_point watermark_ = time_point::min();
};

} // namespace corostream::detail
