#pragma once

#include <corostream/time/detail/held.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace corostream::detail {

/// Which element is the first that is still needed, of those of a partition that are let go of out
/// of order. They are counted in groups of one after another, up to a thousandth of all, so that
/// each costs the number of its group; the first needed is taken to be the first of the oldest
/// group that has one left.
class held_groups {
public:
    using number = std::uint32_t;

    /// One more is needed, which came after all others. Returns the number of its group.
    number add(const held& element)
    {
        if (newest_ == none || groups_[newest_].added > all_ / 1024) link(element);
        ++groups_[newest_].added;
        ++groups_[newest_].left;
        ++all_;
        return newest_;
    }

    /// One of that group is needed no longer.
    void erase(number of)
    {
        --all_;
        if (--groups_[of].left == 0) unlink(of);
    }

    /// The first that is needed; nothing if none is.
    held first() const { return oldest_ == none ? held{} : groups_[oldest_].first; }
    /// The first of that group.
    const held& first(number of) const { return groups_[of].first; }

private:
    static constexpr number none = 0xFFFFFFFF;
    struct group {
        held first;
        std::size_t added = 0, left = 0;
        number older = none, newer = none;
    };

    void link(const held& element)
    {
        auto n = static_cast<number>(groups_.size());
        if (free_.empty()) {
            groups_.emplace_back();
        } else {
            n = free_.back();
            free_.pop_back();
        }
        groups_[n] = {.first = element, .older = newest_};
        (newest_ == none ? oldest_ : groups_[newest_].newer) = n;
        newest_ = n;
    }

    void unlink(number n)
    {
        const auto [older, newer] = std::pair(groups_[n].older, groups_[n].newer);
        (older == none ? oldest_ : groups_[older].newer) = newer;
        (newer == none ? newest_ : groups_[newer].older) = older;
        free_.push_back(n);
    }

    std::vector<group> groups_;
    std::vector<number> free_;
    number oldest_ = none, newest_ = none;
    std::size_t all_ = 0;
};

} // namespace corostream::detail
