#pragma once

#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/sliding_shares.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace corostream::detail {

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
        auto& window = windows_[end];
        window.first.include(first);
        hold_.reset();
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
        hold_.reset();
        auto& late = late_[{due, end}];
        late.first.include(first);
        if (late.values) merge_copy(a, *late.values, values);
        else late.values = values;
    }

    /// When the next window is to be told again, and its end; `never` if none is.
    std::pair<time_point, time_point> next() const
    {
        return late_.empty() ? std::pair(never, never) : late_.begin()->first;
    }

    /// What it has of the window that ends at `end`, with what is due now.
    template <class Aggregate>
    std::optional<Share> take(time_point due, time_point end, Aggregate& a)
    {
        if (const auto late = late_.find({due, end}); late != late_.end()) {
            hold_.reset();
            auto& window = windows_[end];
            window.first.include(late->second.first);
            if (window.values) a.merge(*window.values, *std::move(late->second.values));
            else window.values = std::move(late->second.values);
            late_.erase(late);
        }
        const auto window = windows_.find(end);
        return window == windows_.end() ? std::nullopt : window->second.values;
    }

    /// Nothing changes windows any more that end by `end`.
    void forget(time_point end)
    {
        if (windows_.empty() || windows_.begin()->first > end) return;
        windows_.erase(windows_.begin(), windows_.upper_bound(end));
        hold_.reset();
    }

    held hold() const
    {
        if (!hold_) {
            hold_.emplace();
            for (const auto& [end, w] : windows_) hold_->include(w.first);
            for (const auto& [at, l] : late_) hold_->include(l.first);
        }
        return *hold_;
    }

private:
    struct kept {
        std::optional<Share> values;
        held first;
    };

    std::map<time_point, kept> windows_;                        // by their end
    std::map<std::pair<time_point, time_point>, kept> late_; // by when they are due, and the end
    mutable std::optional<held> hold_; // unless it has to be looked for
};

} // namespace corostream::detail
