#pragma once

#include <corostream/core/cursor.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <utility>
#include <vector>

namespace corostream::detail {

/// Up to where the elements of each key of a partition are in windows that are out, and no other
/// window needs them. From a commit at an offset before that, these places are what a restart has
/// to know: who reads again finds a key at each, and drops what he has counted of it.
///
/// Keys are numbers. There are never many times more cuts than may be listed: of those that are too
/// many the first are let go. The last of a key is told to `forget(key, at)` when it goes; after
/// that the number may stand for another key.
///
/// Cost: O(1) amortised to tell; O(cuts) to list them anew, O(1) where nothing has changed.
class key_cuts {
public:
    static constexpr std::size_t most = 2'000; ///< more never fit beside a committed offset

    /// The elements of `key` up to `at` have been told.
    template <class Forget>
    void tell(std::size_t key, const log_place& at, Forget forget)
    {
        if (cuts_.size() >= prune_at_) {
            drop_void(forget);
            drop_first(forget);
            prune_at_ = 4 * cuts_.size() + 16;
        }
        const auto [last, is_first] = last_.try_emplace(key, cuts_.size());
        if (!is_first) cuts_[std::exchange(last->second, cuts_.size())].key = none;
        cuts_.push_back({at, key});
        is_listed_ = false;
    }

    /// Those at `offset` or after it, in order; `offset` never goes back. None if there are too
    /// many.
    template <class Forget>
    const std::vector<log_place>& from(std::int64_t offset, Forget forget)
    {
        needed_ = offset;
        if (is_listed_ && offset <= first_) return places_;
        places_.clear();
        are_too_many_ = true;
        if (offset <= lost_) return places_;
        drop_void(forget);
        first_ = cuts_.empty() ? nothing_held : cuts_.front().at.offset;
        is_listed_ = true;
        if (cuts_.size() + ahead_.size() > most) return places_;
        are_too_many_ = false;
        for (const auto& c : cuts_) places_.push_back(c.at);
        places_.insert(places_.end(), ahead_.begin(), ahead_.end());
        return places_;
    }

    /// Whether those that were asked for last were too many.
    bool are_too_many() const { return are_too_many_; }

    /// What had been told before a restart, in order.
    void resume(const std::vector<log_place>& places)
    {
        ahead_.assign(places.begin(), places.end());
        is_listed_ = false;
    }
    /// Whether some of that has not been reached.
    bool is_resuming() const { return !ahead_.empty(); }
    /// Whether the key of the element at `at` had been told up to it. Places rise; those that are
    /// passed by, since the log has lost them, are forgotten.
    bool reach(const log_place& at)
    {
        while (is_resuming() && ahead_.front() < at) drop_ahead();
        if (!is_resuming() || ahead_.front() != at) return false;
        drop_ahead();
        return true;
    }

    /// Everything before `offset` has come: what the log has lost is not waited for.
    void pass(std::int64_t offset)
    {
        while (is_resuming() && ahead_.front().offset < offset) drop_ahead();
    }

    /// How many it keeps, void ones among them.
    std::size_t kept() const { return cuts_.size(); }

private:
    struct cut {
        log_place at;
        std::size_t key; // or `none`, if another of it followed
    };
    static constexpr auto none = std::numeric_limits<std::size_t>::max();

    /// Another of its key followed, or no restart comes to it any more. The others are in order.
    template <class Forget>
    void drop_void(Forget& forget)
    {
        std::erase_if(cuts_, [&](const cut& c) {
            const bool is_needed = c.key != none && c.at.offset >= needed_;
            if (!is_needed && c.key != none) drop(c, forget);
            return !is_needed;
        });
        sort();
        number();
    }

    /// With the others behind them, those before the last `most` are too many to be ever listed.
    template <class Forget>
    void drop_first(Forget& forget)
    {
        if (cuts_.size() <= most) return;
        const auto kept = cuts_.end() - most;
        lost_ = (kept - 1)->at.offset;
        std::for_each(cuts_.begin(), kept, [&](const cut& c) { drop(c, forget); });
        cuts_.erase(cuts_.begin(), kept);
        number();
    }

    template <class Forget>
    void drop(const cut& c, Forget& forget)
    {
        last_.erase(c.key);
        forget(c.key, c.at);
    }

    void drop_ahead()
    {
        ahead_.pop_front();
        is_listed_ = false;
    }

    /// Keys are told almost in order: most are sorted already.
    void sort()
    {
        const auto before = [](const cut& x, const cut& y) { return x.at < y.at; };
        const auto rest = std::is_sorted_until(cuts_.begin(), cuts_.end(), before);
        if (rest == cuts_.end()) return;
        const auto least = *std::min_element(rest, cuts_.end(), before);
        std::sort(std::upper_bound(cuts_.begin(), rest, least, before), cuts_.end(), before);
    }

    void number()
    {
        for (std::size_t i = 0; i < cuts_.size(); ++i) last_[cuts_[i].key] = i;
    }

    std::vector<cut> cuts_; // sorted, and those told since
    boost::unordered_flat_map<std::size_t, std::size_t> last_; // where that of a key is
    std::int64_t needed_ = std::numeric_limits<std::int64_t>::min();
    std::int64_t lost_ = std::numeric_limits<std::int64_t>::min(); // up to where some were let go
    std::size_t prune_at_ = 0;
    std::deque<log_place> ahead_; // not yet reached
    std::vector<log_place> places_; // what `from` tells
    bool are_too_many_ = false;
    bool is_listed_ = false;        // that has all, unless it is asked for less:
    std::int64_t first_ = 0;        // the offset of the first cut
};

} // namespace corostream::detail
