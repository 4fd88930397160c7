#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/parted.hpp>
#include <corostream/time/detail/sliding_part.hpp>
#include <corostream/time/detail/window_options.hpp>
#include <corostream/time/window_result.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace corostream::detail {

/// The windows that slide with the events of a stream; see `pane_state` for what its members do.
template <class Windows, class Aggregate>
class sliding_state : public parted<sliding_part<Aggregate>> {
    using part = sliding_part<Aggregate>;
    using base = parted<part>;
    using base::at, base::known, base::parts_, base::current_, base::partition_;
    using number = typename part::number;

public:
    using result = window_result<typename Aggregate::result>;
    using share_type = typename Aggregate::share;
    static constexpr bool needs_copies = true;

    sliding_state(Windows windows, const window_options&, Aggregate aggregate)
        : size_(windows.size())
        , aggregate_(std::move(aggregate))
    {
    }

    template <class Input>
    verdict add(const moment& m, Input&& v)
    {
        return current_->add(
            m, size_, std::forward<Input>(v), {partition_, m.offset, m.time}, aggregate_);
    }
    static void start(time_point) {}

    time_point next_end() const
    {
        const auto next = next_due();
        return next == never ? never : next + duration(1);
    }
    held hold(partition_id p) const { return known(p) ? at(p).hold() : held{}; }
    time_point oldest(partition_id p) const
    {
        return known(p) && !at(p).due.empty() ? at(p).due.top().time + duration(1) - size_ : never;
    }

    template <class Emit>
    bool fire(time_point watermark, Emit emit)
    {
        bool any = false;
        for (auto end = next_end(); end <= watermark && end != never; end = next_end()) {
            any = true;
            if (!emit(take(end - duration(1)))) break;
        }
        const auto reached = std::min(watermark, next_due());
        for (auto& p : parts_) p.forget(reached, size_, aggregate_);
        return any;
    }

    template <class Emit>
    bool flush(time_point, Emit emit)
    {
        return fire(never - size_, emit);
    }

    /// Each window is complete with its event or soon after: there is nothing to tell early.
    template <class Emit>
    bool peek(Emit)
    {
        return true;
    }

private:
    time_point next_due() const
    {
        auto next = never;
        for (const auto& p : parts_)
            if (!p.due.empty()) next = std::min(next, p.due.top().time);
        return next;
    }

    /// The windows that end with the moment `time`, of all keys with an event then.
    result take(time_point time)
    {
        events_.clear();
        for (std::size_t p = 0; p < parts_.size(); ++p)
            for (auto& due = parts_[p].due; !due.empty() && due.top().time == time; due.pop()) {
                parts_[p].of_key[due.top().number].is_due = true;
                events_.emplace_back(p, due.top().number);
            }
        typename Aggregate::share rows{};
        for (const auto& [p, slot] : events_) add_row(rows, p, slot, time);
        for (const auto& [p, slot] : events_) parts_[p].of_key[slot].is_due = false;
        this->advance(time + duration(1));
        return result(time + duration(1) - size_, time + duration(1),
            aggregate_.finish(std::move(rows)));
    }

    void add_row(typename Aggregate::share& rows, std::size_t p, number slot, time_point time)
    {
        const auto& key = parts_[p].of_key.key(slot);
        std::optional<typename part::piece> whole;
        row_origin origin{};
        for (std::size_t q = 0; q < parts_.size(); ++q) {
            const auto other = q == p ? slot : parts_[q].of_key.find(key);
            if (other == part::slots::none) continue;
            if (q < p && parts_[q].of_key[other].is_due) return; // has been there already
            auto has = parts_[q].take(other, time, size_, aggregate_);
            if (!has) continue;
            const row_origin first{static_cast<partition_id>(q), has->first_offset,
                parts_[q].of_key[other].events.first_time()};
            if (!whole || seen_before(first, origin)) origin = first;
            if (!whole) whole = std::move(has);
            else typename part::merger{&aggregate_}.merge(*whole, *std::move(has));
        }
        if (whole)
            per_key<Aggregate>::append(aggregate_, rows, key, std::move(whole->of), origin);
    }

    duration size_;
    Aggregate aggregate_;
    std::vector<std::pair<std::size_t, number>> events_; // of the window that is put together
};

} // namespace corostream::detail
