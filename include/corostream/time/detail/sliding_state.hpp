#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/keyed_window.hpp>
#include <corostream/time/detail/parted.hpp>
#include <corostream/time/detail/sliding_part.hpp>
#include <corostream/time/detail/sliding_updates.hpp>
#include <corostream/time/detail/window_options.hpp>
#include <corostream/time/window_result.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace corostream::detail {

/// The windows that slide with the events of a stream; see `pane_state` for what its members do.
template <class Windows, class Aggregate, bool TellsAgain>
class sliding_state : public parted<sliding_part<Aggregate, TellsAgain>> {
    using part = sliding_part<Aggregate, TellsAgain>;
    using base = parted<part>;
    using base::at, base::known, base::parts_, base::allowed_, base::current_, base::partition_;
    using number = typename part::number;

public:
    using result = window_result<typename Aggregate::result>;
    using share_type = typename Aggregate::share;
    static constexpr bool needs_copies = true;

    sliding_state(Windows windows, const window_options& options, Aggregate aggregate)
        : base(options.allowed)
        , size_(windows.size())
        , aggregate_(std::move(aggregate))
    {
    }

    time_point emitted(partition_id p) const
    {
        if (allowed_ == duration::zero()) return base::emitted(p);
        return known(p) ? at(p).out_for_good : time_point::min();
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
        if (!again_.empty()) return again_.front().end_time();
        const auto next = next_due();
        return std::min(next_again(), next == never ? never : next + duration(1));
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
            if constexpr (TellsAgain)
                if (again_.empty() && next_again() == end) {
                    make_again(end);
                    continue;
                }
            any = true;
            if (!emit(again_.empty() ? take(end - duration(1)) : take_again())) break;
        }
        if (!again_.empty()) return any;
        const auto reached = std::min({watermark, next_due(), next_again() - duration(1)});
        for (auto& p : parts_) p.forget(reached, size_, aggregate_);
        return any;
    }

    template <class Emit>
    bool flush(time_point, Emit emit)
    {
        if (allowed_ == duration::zero()) return fire(never - size_, emit);
        return fire_in_turn(*this, [this] { return next_end(); }, emit);
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

    time_point next_again() const
    {
        auto next = never;
        for (const auto& p : parts_)
            if (!p.told.dues.empty()) next = std::min(next, p.told.dues.top().time);
        return next;
    }

    void make_again(time_point now)
    {
        std::vector<keyed_window<Aggregate>> all;
        sliding_updates(parts_, size_, allowed_, aggregate_).tell(now, all);
        for (auto& r : results_of(std::move(all), aggregate_)) again_.push_back(std::move(r));
    }
    result take_again()
    {
        auto first = std::move(again_.front());
        again_.pop_front();
        return first;
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
            if (parts_[q].emitted > time) continue; // it has gone on, and came late for nobody
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
    std::deque<result> again_; // due, and the sink wanted no more
    std::vector<std::pair<std::size_t, number>> events_; // of the window that is put together
};

} // namespace corostream::detail
