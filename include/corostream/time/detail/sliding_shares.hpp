#pragma once

#include <corostream/time/detail/grid.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/make_room.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace corostream::detail {

/// `into` and `from` made one; `from` is left as it is.
template <class Aggregate, class Share>
void merge_copy(Aggregate& aggregate, Share& into, const Share& from)
{
    if constexpr (requires { aggregate.merge(into, from); }) aggregate.merge(into, from);
    else aggregate.merge(into, Share(from));
}

/// What is noted beside a share.
struct share_note {
    using first_of_all = std::optional<held>; ///< unless it has to be looked for

    held first;
    bool changed = true; ///< since the last early result

    void include(const share_note& other)
    {
        first.include(other.first);
        changed = changed || other.changed;
    }
    void change() { changed = true; }
};

/// Nothing, where somebody else does.
struct no_note {
    struct first_of_all {
        static void reset() {}
    };

    no_note() = default;
    explicit no_note(const held&) {}
    static void include(const no_note&) {}
    static void change() {}
};

/// The shares of one partition in order of their key (when a pane begins, when an event happened),
/// and what a range of them comes to that only ever slides on.
///
/// That range is cut where a multiple of its size lies in it: of the part before that each share
/// has been replaced by what it and all up to the cut come to, of that behind it the sum is kept.
/// So a share is merged twice or so, however many a range has (van Herk, "A fast algorithm for
/// local minimum and maximum filters on rectangular and octagonal kernels", Pattern Recognition
/// Letters 13, 1992), and what is merged with what depends on the range alone, not on where sliding
/// began: sums of floating point are the same after a restart. Shares behind the range are fresh:
/// they may still grow.
template <class Share, class Key = time_point, class Note = share_note>
class sliding_shares {
public:
    struct entry {
        Key key;
        [[no_unique_address]] Note note;
        Share share;
    };

    bool empty() const { return begin_ == entries_.size(); }
    const Key& first_key() const { return entries_[begin_].key; }
    const Key& last_key() const { return entries_.back().key; }
    const held& first_held() const { return entries_[begin_].note.first; }

    /// True if the range has come past the key.
    bool is_included(const Key& key) const { return is_begun_ && key <= included_; }

    /// The fresh share of `key`, made if it isn't there, by `Share make()`; tells whether it was.
    std::pair<entry*, bool> fresh(const Key& key, const held& first)
    {
        return fresh(key, first, [] { return Share{}; });
    }
    template <class Make>
    std::pair<entry*, bool> fresh(const Key& key, const held& first, Make make)
    {
        const auto begin = place(back_);
        auto at = entries_.end();
        for (int last = 0; at != begin && (at - 1)->key > key; --at) // nearly always one of those
            if (++last > 4) {
                at = std::upper_bound(
                    begin, at, key, [](const Key& k, const entry& e) { return k < e.key; });
                break;
            }
        if (at != begin && (at - 1)->key == key) return {&*(at - 1), false};
        held_.reset();
        if (at == entries_.end()) {
            if (make_room(entries_, begin_)) forget_evicted();
            return {&entries_.emplace_back(key, Note{first}, make()), true};
        }
        return {&*entries_.insert(at, entry{key, Note{first}, make()}), true};
    }

    /// Takes fresh shares with keys before `until` into the range.
    template <class Aggregate>
    void include(const Key& until, Aggregate& aggregate)
    {
        for (; back_ < entries_.size() && entries_[back_].key < until; ++back_) {
            add_to_sum(entries_[back_].share, aggregate);
            included_ = entries_[back_].key;
            is_begun_ = true;
        }
    }

    /// Adds `share` to that of `key`, which may be in the range already.
    template <class Aggregate>
    void amend(const Key& key, const Note& note, const Share& share, Aggregate& aggregate)
    {
        held_.reset();
        if (!is_included(key)) {
            const auto [made, is_new] = fresh(key, {}, [&] { return share; });
            if (is_new) {
                made->note = note;
                return;
            }
            made->note.include(note);
            merge_copy(aggregate, made->share, share);
            return;
        }
        const auto at = std::lower_bound(place(begin_), place(back_), key,
            [](const entry& e, const Key& k) { return e.key < k; });
        const auto index = static_cast<std::size_t>(at - entries_.begin());
        if (index == back_ || at->key != key) {
            const bool in_front = index < front_;
            entries_.insert(at, entry{key, note, in_front ? entries_[index].share : Share(share)});
            ++back_;
            if (!in_front) {
                add_to_sum(share, aggregate);
                return;
            }
            ++front_;
        }
        entries_[index].note.include(note);
        if (index >= front_) {
            merge_copy(aggregate, entries_[index].share, share);
            add_to_sum(share, aggregate);
            return;
        }
        for (auto i = begin_; i <= index; ++i) merge_copy(aggregate, entries_[i].share, share);
    }

    /// Lets go of the shares with keys before `until`. If some of them lie behind the cut, `slide`
    /// comes before the next query.
    template <class Aggregate>
    void evict(const Key& until, Aggregate&)
    {
        const auto begin = begin_;
        while (begin_ < back_ && entries_[begin_].key < until) ++begin_;
        if (begin_ == begin) return;
        held_.reset();
        if (begin_ > front_) {
            front_ = begin_;
            sum_.reset();
            is_cut_ = false;
        }
        drop_many_evicted();
    }

    /// Lets the range begin at `begin`; it is `size` long.
    template <class Distance, class Aggregate>
    void slide(const Key& begin, Distance size, Aggregate& aggregate)
    {
        evict(begin, aggregate);
        if (is_cut_ && begin <= cut_) return;
        is_cut_ = true;
        cut_ = multiple_from(begin, size);
        while (front_ < back_ && entries_[front_].key < cut_) ++front_;
        for (auto i = front_; i-- > begin_ + 1;)
            merge_copy(aggregate, entries_[i - 1].share, entries_[i].share);
        sum_.reset();
        for (auto i = front_; i < back_; ++i) add_to_sum(entries_[i].share, aggregate);
    }

    /// What the range comes to; nothing if it is empty. After `slide`.
    template <class Aggregate>
    std::optional<Share> query(Aggregate& aggregate) const
    {
        if (begin_ == front_) return sum_;
        std::optional<Share> whole(entries_[begin_].share);
        if (sum_) merge_copy(aggregate, *whole, *sum_);
        return whole;
    }

    /// What the shares of `[from, until)` come to, part of the range or fresh; `until` is not
    /// inside of the range.
    template <class Aggregate>
    std::optional<Share> query(const Key& from, const Key& until, Aggregate& aggregate) const
    {
        std::optional<Share> whole;
        const auto add = [&](const Share& s) {
            if (whole) merge_copy(aggregate, *whole, s);
            else whole = s;
        };
        auto i = begin_;
        while (i < entries_.size() && entries_[i].key < from) ++i;
        if (i < front_) {
            add(entries_[i].share);
            i = front_;
        }
        for (; i < entries_.size() && entries_[i].key < until; ++i) add(entries_[i].share);
        return whole;
    }

    /// Takes the first share out; it is fresh.
    Share take_first()
    {
        auto share = std::move(entries_[begin_].share);
        held_.reset();
        back_ = front_ = ++begin_;
        drop_many_evicted();
        return share;
    }

    /// The first element that is needed.
    held hold() const
    {
        if (!held_) {
            held_.emplace();
            for (auto i = begin_; i < entries_.size(); ++i) held_->include(entries_[i].note.first);
        }
        return *held_;
    }

    /// The first share from `from` on that something has been added to since `settle`, if any.
    const Key* first_changed(const Key& from) const
    {
        const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(begin_);
        auto at = std::lower_bound(begin, entries_.end(), from,
            [](const entry& e, const Key& k) { return e.key < k; });
        at = std::find_if(at, entries_.end(), [](const entry& e) { return e.note.changed; });
        return at == entries_.end() ? nullptr : &at->key;
    }
    void settle()
    {
        for (auto& e : entries_) e.note.changed = false;
    }

private:
    auto place(std::size_t index)
    {
        return entries_.begin() + static_cast<std::ptrdiff_t>(index);
    }

    template <class Aggregate>
    void add_to_sum(const Share& share, Aggregate& aggregate)
    {
        if (sum_) merge_copy(aggregate, *sum_, share);
        else sum_ = share;
    }

    /// The first multiple of `size` that is not before `key`.
    template <class Distance>
    static Key multiple_from(const Key& key, Distance size)
    {
        if constexpr (std::integral<Key>) {
            const auto over = key % size;
            return key - over + (over > 0 ? size : Distance{});
        } else {
            return grid{size}.after(key - duration(1));
        }
    }

    /// So many that dropping them costs no more than they did.
    void drop_many_evicted()
    {
        if (begin_ < entries_.size() && (begin_ <= 16 || 2 * begin_ <= entries_.size())) return;
        entries_.erase(entries_.begin(), place(begin_));
        forget_evicted();
    }
    void forget_evicted()
    {
        front_ -= begin_;
        back_ -= begin_;
        begin_ = 0;
    }

    // [begin, front) before the cut, [front, back) behind it, [back, end) fresh
    std::vector<entry> entries_;
    std::size_t begin_ = 0, front_ = 0, back_ = 0;
    std::optional<Share> sum_; // of what is behind the cut
    Key cut_{}, included_{};
    bool is_cut_ = false;   // sum_ is that
    bool is_begun_ = false; // included_ is the last key that has come into the range
    [[no_unique_address]] mutable typename Note::first_of_all held_{};
};

} // namespace corostream::detail
