#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/time/detail/grid.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/pane_part.hpp>
#include <corostream/time/detail/parted.hpp>
#include <corostream/time/detail/window_options.hpp>
#include <corostream/time/window_result.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace corostream::detail {

/// The open windows of a stream, of a kind whose bounds lie on a grid: one share a partition and
/// pane. No clock, no I/O. Told what comes in and how far time has come, it says which windows are
/// due. A partition that leaves takes exactly its shares with it.
template <class Windows, class Aggregate, bool TellsAgain = false>
class pane_state : public parted<pane_part<Windows, Aggregate, TellsAgain>> {
    using part = pane_part<Windows, Aggregate, TellsAgain>;
    using base = parted<part>;
    using base::at, base::known, base::parts_, base::allowed_, base::current_, base::partition_;
    using share = typename part::share;
    static constexpr bool tumbles = Windows::overlap == overlap::none;
    static constexpr bool never_ends = Windows::overlap == overlap::endless;

public:
    using result = window_result<typename Aggregate::result>;
    using share_type = typename Aggregate::share;
    static constexpr bool needs_copies = !tumbles;

    pane_state(Windows windows, const window_options& options, Aggregate aggregate)
        : base(options.allowed)
        , windows_(windows)
        , emit_empty_(options.emit_empty)
        , aggregate_(std::move(aggregate))
    {
    }

    void resume(partition_id p, time_point emitted = time_point::min(), std::int64_t seen = -1)
    {
        base::resume(p, emitted, seen);
        if (emit_empty_ && emitted != time_point::min()) due_after(emitted);
        hot_size_ = 0;
    }
    void open(partition_id p)
    {
        base::open(p);
        hot_size_ = 0;
    }
    void revoke(partition_id p)
    {
        base::revoke(p);
        hot_size_ = 0;
    }

    /// Takes one element of the partition opened last; leaves it alone unless it is counted.
    template <class Input>
    [[gnu::always_inline]] verdict add(const moment& m, Input&& v)
    {
        // one comparison for both bounds: what is before the begin wraps around
        if (count_of(m.time) - count_of(hot_begin_) >= hot_size_ || m.watermark >= hot_end_)
            [[unlikely]] {
            const auto to = find_share(m);
            if (to.verdict != verdict::counted) return to.verdict;
            if constexpr (TellsAgain)
                if (to.is_spread) {
                    const auto pane = hot_begin_;
                    aggregate_.add(*hot_, std::forward<Input>(v), {partition_, m.offset, m.time});
                    current_->spread(windows_, pane, m, aggregate_);
                    return verdict::counted;
                }
        }
        aggregate_.add(*hot_, std::forward<Input>(v), {partition_, m.offset, m.time});
        return verdict::counted;
    }

    /// The stream has begun: with `emit_empty`, windows are due from that of `now` on.
    void start(time_point now)
    {
        if (emit_empty_ && !next_empty_) next_empty_ = windows_.end_after(now);
    }

    /// Whether a window has been, or is to be, told: with `emit_empty` there is a first one.
    bool has_begun() const { return !emit_empty_ || next_empty_; }

    /// When the next window is due; `never` if none is open.
    time_point next_end() const
    {
        if (never_ends && completing_) return never - duration(1);
        return std::min({next_empty_.value_or(never), next_filled(), next_again().first});
    }

    /// The first element of `p` that an open window needs.
    held hold(partition_id p) const { return known(p) ? at(p).hold() : held{}; }

    /// The windows that end by then are out for good as far as `p` is concerned: those that may be
    /// told again are made again.
    time_point emitted(partition_id p) const
    {
        if (!TellsAgain) return base::emitted(p);
        return known(p) ? at(p).out_for_good : time_point::min();
    }

    /// Begin of the first open window that has something of `p`; `never` if none.
    time_point oldest(partition_id p) const
    {
        const auto end = known(p) ? at(p).next_end(windows_) : never;
        return end == never ? never : windows_.begin_of_end(end);
    }

    /// Emits every window that ends by `watermark`, in order of its end, by `bool emit(result)`;
    /// stops when that returns false. Returns whether there was one.
    template <class Emit>
    bool fire(time_point watermark, Emit emit)
    {
        bool any = false;
        for (auto end = next_end(); end <= watermark && end != never; end = next_end()) {
            any = true;
            if constexpr (TellsAgain)
                if (const auto again = next_again(); again.first == end) {
                    if (!emit(take_again(again.first, again.second))) break;
                    continue;
                }
            const auto begin = windows_.begin_of_end(end);
            auto whole = take(begin, end);
            if (emit_empty_) due_after(end);
            if (!emit(result(begin, end, aggregate_.finish(whole ? *std::move(whole) : share{}),
                    never_ends ? emission::early : emission::complete)))
                break;
        }
        if constexpr (TellsAgain) forget(std::min(watermark, next_end() - duration(1)));
        return any;
    }

    /// Emits what is due by `watermark`, then every open window, as at the end of the input; stops
    /// as `fire` does. Windows without elements are due up to `watermark`, and before the last that
    /// has some.
    template <class Emit>
    bool flush(time_point watermark, Emit emit)
    {
        bool wanted = true;
        auto one = [&](result&& r) { return wanted = emit(std::move(r)); };
        completing_ = false;
        bool any = fire(watermark, one);
        if constexpr (never_ends) {
            if (completing_ = !wanted; completing_) return true;
            const auto whole = take(time_point::min(), never);
            if (!whole) return any;
            one(result(time_point::min(), never, aggregate_.finish(share(*whole))));
            parts_.clear();
            return true;
        } else {
            const auto next = [this] { return std::min(next_filled(), next_again().first); };
            if (wanted) any = fire_in_turn(*this, next, one) || any;
            if (wanted) next_empty_.reset();
            return any;
        }
    }

    /// Tells every open window in which something has changed since this was asked last. Returns
    /// false if the sink wants no more in the midst: the next call goes on there.
    template <class Emit>
    bool peek(Emit emit)
    {
        auto last = time_point::min();
        for (const auto& p : parts_)
            if (const auto pane = p.last_pane())
                last = std::max(
                    last, never_ends ? windows_.end_after(*pane) : windows_.last_end(*pane));
        for (auto end = std::max(next_filled(), early_from_); end <= last;) {
            const auto begin = windows_.begin_of_end(end);
            auto first = never; // of the panes that have changed
            bool wanted = false;
            for (const auto& p : parts_) {
                const auto changed = p.first_changed(begin);
                first = std::min(first, changed);
                wanted = wanted || (changed < end && p.wants(end));
            }
            if (first == never) break;
            if (first >= end) { // no window before has it
                end = windows_.end_after(first);
                continue;
            }
            const bool more = !wanted
                           || emit(result(begin, end, aggregate_.finish(*so_far(begin, end)),
                               emission::early));
            early_from_ = end = windows_.end_after(end);
            if (!more) return false;
        }
        early_from_ = time_point::min();
        for (auto& p : parts_) p.settle();
        return true;
    }

private:
    /// When the next window with something in it ends.
    time_point next_filled() const
    {
        auto next = never;
        for (const auto& p : parts_) next = std::min(next, p.next_end(windows_));
        return next;
    }

    /// When the next window is told again, and its end.
    std::pair<time_point, time_point> next_again() const
    {
        std::pair next(never, never);
        if constexpr (TellsAgain)
            for (const auto& p : parts_) next = std::min(next, p.told.next());
        return next;
    }

    result take_again(time_point due, time_point end)
    {
        share whole{};
        for (auto& p : parts_)
            if (auto values = p.told.take(due, end, aggregate_))
                aggregate_.merge(whole, *std::move(values));
        return result(windows_.begin_of_end(end), end, aggregate_.finish(std::move(whole)),
            emission::update);
    }

    /// Time has come to `reached`.
    void forget(time_point reached)
    {
        for (auto& p : parts_)
            if (p.present) p.forget(time_before(reached, allowed_));
    }

    /// Windows that end by `end` are out, so that the next one is due, empty or not.
    void due_after(time_point end)
    {
        next_empty_ = std::max(next_empty_.value_or(end), windows_.end_after(end));
    }

    /// Finds out where an element goes. Out of line: the loop around `add` is to be small.
    [[gnu::noinline]] auto find_share(const moment& m)
    {
        const auto pane = windows_.pane_of(m.time);
        const auto to = current_->find(windows_, pane, m);
        hot_ = to.values;
        hot_begin_ = pane;
        hot_end_ = windows_.end_after(pane);
        hot_size_ = to.is_pane ? static_cast<std::uint64_t>(windows_.pane().count()) : 0;
        if (to.is_fresh) aggregate_.reserve(*hot_, current_->usual_size);
        return to;
    }

    /// Takes the window out of all partitions, in their order.
    std::optional<share> take(time_point begin, time_point end)
    {
        std::optional<share> whole;
        part* first = nullptr;
        hot_size_ = 0;
        for (auto& p : parts_) {
            if (!p.wants(end)) continue;
            auto values = p.take(windows_, begin, end, aggregate_);
            if (!values) continue;
            if (tumbles) p.usual_size = aggregate_.size(*values);
            if (whole) aggregate_.merge(*whole, *std::move(values));
            else whole = std::move(values), first = &p;
        }
        // what the others hold will be merged into it
        if (tumbles && first) first->usual_size = aggregate_.size(*whole);
        return whole;
    }

    std::optional<share> so_far(time_point begin, time_point end)
    {
        std::optional<share> whole;
        for (auto& p : parts_) {
            if (!p.wants(end)) continue;
            auto values = p.so_far(begin, end, aggregate_);
            if (!values) continue;
            if (whole) aggregate_.merge(*whole, *std::move(values));
            else whole = std::move(values);
        }
        return whole;
    }

    Windows windows_;
    bool emit_empty_;
    Aggregate aggregate_;
    std::optional<time_point> next_empty_; // end of the first window not yet emitted
    time_point early_from_ = time_point::min(); // the end of the first window to tell early
    bool completing_ = false; // the input has ended; what there is has not been told whole
    share* hot_ = nullptr; // where the last element went
    time_point hot_begin_{}, hot_end_{};
    std::uint64_t hot_size_ = 0; // of its pane; nothing falls into a size of 0
};

} // namespace corostream::detail
