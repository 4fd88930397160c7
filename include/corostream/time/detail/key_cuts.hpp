#pragma once

#include <corostream/core/cursor.hpp>
#include <corostream/time/detail/prune.hpp>

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
/// Keys are numbers. Cost: O(1) amortised to tell; O(cuts) to list them anew, O(1) where nothing
/// has changed.
class key_cuts {
public:
    static constexpr std::size_t most = 2'000; ///< more never fit beside a committed offset

    /// There will be no restart from a commit.
    void stop() { needed_ = std::numeric_limits<std::int64_t>::max(); }

    /// The elements of `key` up to `at` have been told.
    void tell(std::size_t key, const log_place& at)
    {
        if (last_.size() <= key) last_.resize(key + 1, {-1});
        last_[key] = at;
        prune(cuts_, prune_at_, [this](const cut& c) { return is_void(c); });
        cuts_.push_back({at, key});
        ++told_;
        is_listed_ = false;
    }

    /// No restart comes to that place any more.
    bool is_past(const log_place& at) const { return at.offset < needed_; }
    /// Where `key` was told last, unless that is past.
    log_place last(std::size_t key) const
    {
        return key < last_.size() ? last_[key] : log_place{-1};
    }

    /// Those at `offset` or after it, in order; `offset` never goes back. None if there are too
    /// many.
    const std::vector<log_place>& from(std::int64_t offset)
    {
        needed_ = offset;
        if (is_listed_ && offset <= first_) return places_;
        places_.clear();
        are_too_many_ = true;
        if (cuts_.size() > 2 * most && told_ < look_again_) return places_;
        std::erase_if(cuts_, [this](const cut& c) { return is_void(c); });
        look_again_ = told_ + cuts_.size();
        sort();
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
        std::size_t key;
    };

    /// Another of its key followed, or no restart comes to it any more.
    bool is_void(const cut& c) const { return is_past(c.at) || last_[c.key] != c.at; }

    void drop_ahead()
    {
        ahead_.pop_front();
        is_listed_ = false;
    }

    /// Keys are told almost in order: all but the last are sorted already.
    void sort()
    {
        const auto before = [](const cut& x, const cut& y) { return x.at < y.at; };
        const auto rest = std::is_sorted_until(cuts_.begin(), cuts_.end(), before);
        if (rest == cuts_.end()) return;
        std::sort(rest, cuts_.end(), before);
        // Not by std::inplace_merge: clang warns of what libstdc++ does in there.
        std::vector<cut> merged(cuts_.size());
        std::merge(cuts_.begin(), rest, rest, cuts_.end(), merged.begin(), before);
        cuts_ = std::move(merged);
    }

    std::vector<cut> cuts_;       // sorted, and those told since
    std::vector<log_place> last_; // of each key
    std::int64_t needed_ = std::numeric_limits<std::int64_t>::min();
    std::size_t prune_at_ = 0;
    std::size_t told_ = 0, look_again_ = 0;
    std::deque<log_place> ahead_; // not yet reached
    std::vector<log_place> places_; // what `from` tells
    bool are_too_many_ = false;
    bool is_listed_ = false;        // that has all, unless it is asked for less:
    std::int64_t first_ = 0;        // the offset of the first cut
};

} // namespace corostream::detail
