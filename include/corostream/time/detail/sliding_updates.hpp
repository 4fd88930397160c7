#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/core/row_origin.hpp>
#include <corostream/time/detail/keyed_window.hpp>
#include <corostream/time/detail/sliding_shares.hpp>
#include <corostream/time/window_result.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace corostream::detail {

/// Tells windows that slide with events again when late events have changed them. A view of the
/// parts of a stream, made where it is needed.
///
/// Cost: at each moment when some of a key are due, two merges or so for each of its events that is
/// kept.
template <class Part, class Aggregate>
class sliding_updates {
    using events = typename Part::told_type;
    using event = typename events::event;
    using piece = typename Part::piece;
    using number = typename events::slots::number;
    using window = keyed_window<Aggregate>;

public:
    sliding_updates(
        std::vector<Part>& parts, duration size, duration allowed, Aggregate& aggregate)
        : parts_(&parts)
        , size_(size)
        , allowed_(allowed)
        , merge_{&aggregate}
        , aggregate_(&aggregate)
    {
    }

    /// Adds to `all` what is due at `now`.
    void tell(time_point now, std::vector<window>& all)
    {
        std::vector<std::pair<Part*, number>> due;
        for (auto& part : *parts_)
            for (auto& dues = part.told.dues; !dues.empty() && dues.top().time == now; dues.pop()) {
                const auto slot = dues.top().number;
                if (!std::exchange(part.told.of_key[slot].is_due, true))
                    due.emplace_back(&part, slot);
            }
        for (const auto& [part, slot] : due) {
            if (!part->told.of_key[slot].is_due) continue; // with another partition
            tell(part->told.of_key.key(slot), now, all);
        }
    }

private:
    /// What one partition has of a key, its events in the order in which windows get them.
    struct reader {
        Part* part;
        std::vector<event*> left;
        std::size_t next = 0;
        sliding_shares<piece, time_point, no_note> shares{};
    };

    /// When windows begin to have it.
    time_point joins(const event& e) const
    {
        return e.is_late() ? std::max(e.time, time_before(e.out, allowed_)) : e.time;
    }

    void tell(const typename window::key_type& key, time_point now, std::vector<window>& all)
    {
        std::vector<reader> readers;
        std::vector<event*> fresh, made; // due now; those that windows end with
        for (auto& part : *parts_) {
            const auto slot = part.told.of_key.find(key);
            if (slot == events::slots::none) continue;
            auto& of = part.told.of_key[slot];
            of.is_due = false;
            auto& r = readers.emplace_back(reader{&part, {}});
            for (auto& e : of.all) {
                if (e.due(e.time) > now) continue;
                r.left.push_back(&e);
                if (e.is_late() && e.due(e.time) == now) fresh.push_back(&e);
                if (!e.misses(e.time, allowed_)) made.push_back(&e);
            }
            std::sort(r.left.begin(), r.left.end(), [this](const event* a, const event* b) {
                return std::pair(joins(*a), a->of.first_offset)
                     < std::pair(joins(*b), b->of.first_offset);
            });
        }
        std::sort(made.begin(), made.end(),
            [](const event* a, const event* b) { return a->time < b->time; });
        for (auto e = made.begin(); e != made.end();) {
            const auto end = (*e)->time;
            bool was_told = false;
            for (; e != made.end() && (*e)->time == end; ++e)
                was_told = was_told || (*e)->due(end) < now;
            const bool changes = std::any_of(fresh.begin(), fresh.end(), [&](const event* f) {
                return f->time <= end && end - f->time < size_ && end < f->out
                    && !f->misses(end, allowed_);
            });
            if (!changes) continue;
            auto w = put_together(key, end, readers);
            w.what = was_told ? emission::update : emission::complete;
            if (w.of) all.push_back(std::move(w));
        }
    }

    window put_together(
        const typename window::key_type& key, time_point end, std::vector<reader>& readers)
    {
        window w{{end + duration(1) - size_, end + duration(1)}, key};
        for (auto& r : readers) {
            auto has = take(r, end);
            // what was told for good before a restart is not told again
            if (!has || r.part->out_for_good >= w.bounds.end) continue;
            const row_origin first{static_cast<partition_id>(r.part - parts_->data()),
                has->first_offset, r.shares.first_key()};
            w.add(first, std::move(has->of), *aggregate_);
        }
        return w;
    }

    /// What a partition has of the window that ends with the moment `end`; that never goes back.
    std::optional<piece> take(reader& r, time_point end)
    {
        for (; r.next < r.left.size() && joins(*r.left[r.next]) <= end; ++r.next) {
            const auto& e = *r.left[r.next];
            if (end - e.time < size_) r.shares.amend(e.time, {}, e.of, merge_);
        }
        r.shares.include(end + duration(1), merge_);
        r.shares.slide(end + duration(1) - size_, size_, merge_);
        return r.shares.query(merge_);
    }

    std::vector<Part>* parts_;
    duration size_, allowed_;
    typename Part::merger merge_;
    Aggregate* aggregate_;
};

} // namespace corostream::detail
