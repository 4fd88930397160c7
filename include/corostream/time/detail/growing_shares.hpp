#pragma once

#include <corostream/time/detail/sliding_shares.hpp>

#include <optional>
#include <utility>

namespace corostream::detail {

/// As `sliding_shares`, for a range that only grows until it begins anew: what is in it is added up
/// at once, and nothing else of it is kept.
template <class Share, class Key = time_point>
class growing_shares {
public:
    using entry = typename sliding_shares<Share, Key>::entry;

    bool empty() const { return !sum_ && fresh_.empty(); }
    const Key& first_key() const { return sum_ ? first_key_ : fresh_.first_key(); }
    const Key& last_key() const { return fresh_.empty() ? *included_ : fresh_.last_key(); }
    /// The first share that may still grow, if there is one.
    const Key* first_fresh() const { return fresh_.empty() ? nullptr : &fresh_.first_key(); }
    bool is_included(const Key& key) const { return included_ && key <= *included_; }

    std::pair<entry*, bool> fresh(const Key& key, const held& first)
    {
        return fresh_.fresh(key, first);
    }

    template <class Aggregate>
    void include(const Key& until, Aggregate& aggregate)
    {
        while (!fresh_.empty() && fresh_.first_key() < until) {
            const auto key = fresh_.first_key();
            const auto* changed = fresh_.first_changed(key);
            changed_ = changed_ || (changed && *changed < until);
            const auto first = fresh_.first_held();
            add(key, first, fresh_.take_first(), aggregate);
            included_ = key;
        }
    }

    template <class Aggregate>
    void amend(const Key& key, const share_note& note, const Share& share, Aggregate& aggregate)
    {
        if (!is_included(key)) {
            fresh_.amend(key, note, share, aggregate);
            return;
        }
        add(key, note.first, Share(share), aggregate);
        changed_ = changed_ || note.changed;
    }

    template <class Aggregate>
    void evict(const Key& until, Aggregate&)
    {
        if (!sum_ || *included_ >= until) return;
        sum_.reset();
        held_ = {};
        changed_ = false;
    }

    template <class Aggregate>
    std::optional<Share> query(Aggregate&) const
    {
        return sum_;
    }

    template <class Aggregate>
    std::optional<Share> query(const Key& from, const Key& until, Aggregate& aggregate) const
    {
        auto more = fresh_.query(from, until, aggregate);
        if (!sum_ || *included_ < from) return more;
        auto whole = sum_;
        if (more) aggregate.merge(*whole, *std::move(more));
        return whole;
    }

    Share take_first() { return fresh_.take_first(); }

    held hold() const
    {
        auto first = fresh_.hold();
        first.include(held_);
        return first;
    }

    const Key* first_changed(const Key& from) const
    {
        if (changed_ && sum_ && *included_ >= from) return &*included_;
        return fresh_.first_changed(from);
    }
    void settle()
    {
        changed_ = false;
        fresh_.settle();
    }

private:
    template <class Aggregate>
    void add(const Key& key, const held& first, Share&& share, Aggregate& aggregate)
    {
        if (!sum_ || key < first_key_) first_key_ = key;
        held_.include(first);
        if (sum_) aggregate.merge(*sum_, std::move(share));
        else sum_ = std::move(share);
    }

    sliding_shares<Share, Key> fresh_; // all of them
    std::optional<Share> sum_;
    Key first_key_{};
    held held_;
    std::optional<Key> included_;
    bool changed_ = false;
};

} // namespace corostream::detail
