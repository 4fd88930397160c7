#pragma once

#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/sliding_shares.hpp>

#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace corostream::detail {

/// The entry at `at` needs `first`. Each entry has in `lowest` the first element that it or a later
/// one needs; so the first has that of all, as long as they are erased from the front only.
///
/// Cost: O(1) amortised where those that are added later need later elements.
template <class Map>
void lower(Map& entries, typename Map::iterator at, const held& first)
{
    const auto later = std::next(at);
    auto lowest = first;
    if (later != entries.end()) lowest.include(later->second.lowest);
    for (auto i = std::reverse_iterator(later); i != entries.rend(); ++i) {
        if (i->second.lowest <= lowest) break;
        i->second.lowest = lowest;
    }
}

/// The first element that one of them needs.
template <class Map>
held lowest_of(const Map& entries)
{
    return entries.empty() ? held{} : entries.begin()->second.lowest;
}

/// What one partition has of windows that are out, for as long as late elements are allowed to
/// change them. Those that do are gathered until the next bound of a window after the partition's
/// watermark when they came: then the window is told again, in the same way however the partitions
/// are read in turn.
template <class Share>
class told_windows {
public:
    /// The window that ends at `end` is out, with these values; what it was told again with before
    /// that, since the partition came later, is added to them.
    template <class Aggregate>
    void keep(time_point end, std::optional<Share>& values, const held& first, Aggregate& a)
    {
        const auto at = windows_.try_emplace(end).first;
        lower(windows_, at, first);
        auto& window = at->second;
        if (!window.values) {
            window.values = values;
        } else {
            if (values) merge_copy(a, *window.values, *values);
            values = window.values;
        }
    }

    /// Adds `values` to the window that ends at `end` when `due` comes.
    template <class Aggregate>
    void amend(time_point due, time_point end, const held& first, const Share& values, Aggregate& a)
    {
        const auto at = late_.try_emplace({due, end}).first;
        lower(late_, at, first);
        auto& late = at->second;
        late.first.include(first);
        if (late.values) merge_copy(a, *late.values, values);
        else late.values = values;
    }

    /// When the next window is to be told again, and its end; `never` if none is.
    std::pair<time_point, time_point> next() const
    {
        return late_.empty() ? std::pair(never, never) : late_.begin()->first;
    }

    /// What it has of the window that ends at `end`, with what is due now; nothing is due before.
    template <class Aggregate>
    std::optional<Share> take(time_point due, time_point end, Aggregate& a)
    {
        if (late_.empty() || late_.begin()->first != std::pair(due, end)) {
            const auto window = windows_.find(end);
            return window == windows_.end() ? std::nullopt : window->second.values;
        }
        const auto late = late_.begin();
        const auto at = windows_.try_emplace(end).first;
        lower(windows_, at, late->second.first);
        auto& values = at->second.values;
        if (values) a.merge(*values, *std::move(late->second.values));
        else values = std::move(late->second.values);
        late_.erase(late);
        return values;
    }

    /// Nothing changes windows any more that end by `end`.
    void forget(time_point end)
    {
        while (!windows_.empty() && windows_.begin()->first <= end)
            windows_.erase(windows_.begin());
    }

    held hold() const
    {
        auto first = lowest_of(windows_);
        first.include(lowest_of(late_));
        return first;
    }

private:
    struct kept {
        std::optional<Share> values;
        held lowest;
    };
    struct amended : kept {
        held first;
    };

    std::map<time_point, kept> windows_; // by their end
    std::map<std::pair<time_point, time_point>, amended> late_; // by when they are due, and the end
};

} // namespace corostream::detail
