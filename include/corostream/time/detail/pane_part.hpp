#pragma once

#include <corostream/time/detail/grid.hpp>
#include <corostream/time/detail/growing_shares.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/parted.hpp>
#include <corostream/time/detail/sliding_shares.hpp>
#include <corostream/time/detail/told_windows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace corostream::detail {

/// What one partition has of the open windows of `pane_state`: a share a pane.
///
/// Whether an element is too late is decided by the watermark of its partition when it came, so
/// that it does not depend on how partitions are read in turn. One that is too late for some of its
/// windows, not for all, is set aside until those are out.
template <class Windows, class Aggregate, bool TellsAgain>
class pane_part : public part_base {
public:
    using share = typename Aggregate::share;
    using shares_type = std::conditional_t<
        Windows::overlap == overlap::growing || Windows::overlap == overlap::endless,
        growing_shares<share>, sliding_shares<share>>;

    /// Whether it has a say in the window that ends at `end`.
    bool wants(time_point end) const { return present && emitted < end; }

    /// Where an element goes.
    struct place {
        detail::verdict verdict;
        share* values = nullptr;
        bool is_spread = false; ///< to be brought to its windows by `spread`
        bool is_fresh = false;  ///< made for this element
        bool is_pane = false;   ///< what comes into the same pane goes there, too
    };
    place find(const Windows& windows, time_point pane, const moment& m)
    {
        const auto out = std::max(m.watermark, emitted);
        if (windows.last_end(pane) <= before(out))
            return {m.offset < seen ? verdict::told : verdict::late};
        const held first{m.offset, m.watermark};
        if (windows.end_after(pane) <= out) {
            if (TellsAgain) return {verdict::counted, &(spread_ = share{}), true};
            return {verdict::counted, &set_aside(out, pane, first)};
        }
        const auto [entry, fresh] = shares_.fresh(pane, first);
        entry->note.change();
        return {verdict::counted, &entry->share, false, fresh, true};
    }

    /// Brings an element that came late to the windows that may have it: those that are out and
    /// those to come.
    void spread(const Windows& windows, time_point pane, const moment& m, Aggregate& aggregate)
    {
        const auto out = std::max(m.watermark, emitted);
        const held first{m.offset, m.watermark};
        for (auto end = windows.end_after(std::max(pane, before(out)));
            end <= std::min(out, windows.last_end(pane)); end = windows.end_after(end))
            told.amend(std::min(windows.end_after(out), end + allowed), end, first, spread_,
                aggregate);
        if (windows.last_end(pane) > out)
            merge_copy(aggregate, set_aside(out, pane, first), spread_);
    }

    /// When the next window with something of it ends; `never` if none is open.
    time_point next_end(const Windows& windows) const
    {
        auto next = never;
        if constexpr (Windows::overlap == overlap::endless) {
            if (const auto* pane = shares_.first_fresh()) next = windows.end_after(*pane);
        } else if (!shares_.empty()) {
            next = windows.end_after(std::max(shares_.first_key(), emitted));
        }
        if (!stragglers_.empty()) {
            const auto after = stragglers_.begin()->first.first;
            next = std::min(next, windows.end_after(std::max(after, emitted)));
        }
        return next;
    }

    /// The first element that an open window needs.
    held hold() const
    {
        auto first = hold_of_open();
        if (TellsAgain) first.include(told.hold());
        return first;
    }

    /// Windows that end by `end` are not told again.
    void forget(time_point end)
    {
        out_for_good = std::max(out_for_good, end);
        told.forget(end);
    }

    /// Takes out what it has of the window `[begin, end)`, which is the next one.
    std::optional<share> take(
        const Windows& windows, time_point begin, time_point end, Aggregate& aggregate)
    {
        emitted = end;
        if constexpr (TellsAgain) {
            const auto first = hold_of_open();
            auto values = take_open(windows, begin, end, aggregate);
            if (allowed > duration::zero() && end != never)
                told.keep(end, values, first, aggregate);
            return values;
        } else {
            return take_open(windows, begin, end, aggregate);
        }
    }

    /// @name What it would have to tell early
    /// @{
    /// The last pane of which it has something, if any.
    std::optional<time_point> last_pane() const
    {
        std::optional<time_point> last;
        if (!shares_.empty()) last = shares_.last_key();
        for (const auto& [at, s] : stragglers_) last = std::max(last, std::optional(at.second));
        return last;
    }
    /// The first pane from `begin` on, `never` if there is none, of which something has changed
    /// since `settle`; of what came too late for some windows, not before the end of these.
    time_point first_changed(time_point begin) const
    {
        const auto* pane = shares_.first_changed(begin);
        auto first = pane ? *pane : never;
        for (const auto& [at, s] : stragglers_)
            if (s.note.changed && at.second >= begin)
                first = std::min(first, std::max(at.first, at.second));
        return first;
    }
    /// What it has of the window `[begin, end)`, open as it is.
    std::optional<share> so_far(time_point begin, time_point end, Aggregate& aggregate) const
    {
        auto whole = shares_.query(begin, end, aggregate);
        for (const auto& [at, s] : stragglers_) {
            const auto [after, pane] = at;
            if (after >= end || pane < begin || pane >= end) continue;
            if (whole) merge_copy(aggregate, *whole, s.values);
            else whole = s.values;
        }
        return whole;
    }
    void settle()
    {
        shares_.settle();
        for (auto& [at, s] : stragglers_) s.note.changed = false;
    }
    /// @}

    std::size_t usual_size = 0; ///< keys in its last pane: room is made for as many
    told_windows<share> told;

private:
    std::optional<share> take_open(
        const Windows& windows, time_point begin, time_point end, Aggregate& aggregate)
    {
        if constexpr (Windows::overlap == overlap::none) {
            if (shares_.empty() || shares_.first_key() != begin) return std::nullopt;
            return shares_.take_first();
        } else {
            admit_stragglers(end, aggregate);
            shares_.include(end, aggregate);
            if constexpr (Windows::overlap == overlap::sliding)
                shares_.slide(begin, windows.size(), aggregate);
            else shares_.evict(begin, aggregate);
            auto values = shares_.query(aggregate);
            if (end != never)
                shares_.evict(windows.begin_of_end(windows.end_after(end)), aggregate);
            return values;
        }
    }

    struct straggler {
        share_note note;
        share values{};
        held lowest{}; // that this one or a later one needs
    };

    held hold_of_open() const
    {
        auto first = shares_.hold();
        first.include(lowest_of(stragglers_));
        return first;
    }

    /// Windows that end by then are out for good when those that end by `out` are out.
    time_point before(time_point out) const
    {
        if constexpr (!TellsAgain) return out;
        return std::max(out_for_good, time_before(out, allowed));
    }

    share& set_aside(time_point after, time_point pane, const held& first)
    {
        const auto [at, is_new] = stragglers_.try_emplace({after, pane}, straggler{{first}});
        if (is_new) lower(stragglers_, at, first);
        at->second.note.change();
        return at->second.values;
    }

    /// Adds to their panes those that the window that ends at `end` is to have.
    void admit_stragglers(time_point end, Aggregate& aggregate)
    {
        while (!stragglers_.empty() && stragglers_.begin()->first.first < end) {
            const auto& [at, s] = *stragglers_.begin();
            shares_.amend(at.second, s.note, s.values, aggregate);
            stragglers_.erase(stragglers_.begin());
        }
    }

    share spread_{}; // one element that came late
    shares_type shares_;
    // by when the windows end that do not have it any more, and its pane
    std::map<std::pair<time_point, time_point>, straggler> stragglers_;
};

} // namespace corostream::detail
