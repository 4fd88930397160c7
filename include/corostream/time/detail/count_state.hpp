#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/core/cursor.hpp>
#include <corostream/time/detail/count_part.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/parted.hpp>
#include <corostream/time/detail/per_key.hpp>
#include <corostream/time/detail/window_options.hpp>
#include <corostream/time/window_result.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace corostream::detail {

/// The windows of so many elements that are being filled; see `pane_state` for what its members do.
/// What is full waits until time has come to its end. Windows without a size hold everything.
template <class Windows, class Aggregate>
class count_state : public parted<count_part<Windows, Aggregate>> {
    using part = count_part<Windows, Aggregate>;
    using base = parted<part>;
    using base::at, base::known, base::parts_, base::current_, base::partition_;

public:
    using result = window_result<typename Aggregate::result>;
    using share_type = typename Aggregate::share;
    static constexpr bool needs_copies = true;

    count_state(Windows windows, const window_options&, Aggregate aggregate)
        : windows_(windows)
        , aggregate_(std::move(aggregate))
    {
    }

    template <class Input>
    verdict add(const moment& m, Input&& v)
    {
        current_->add(
            windows_, m, std::forward<Input>(v), {partition_, m.offset, m.time}, aggregate_);
        return verdict::counted;
    }
    static void start(time_point) {}
    /// There will be no restart.
    void need_no_cuts() { needs_cuts_ = false; }
    void resume(partition_id p, time_point emitted = time_point::min(), std::int64_t seen = -1)
    {
        base::resume(p, emitted, seen);
        if (!needs_cuts_) parts_[static_cast<std::size_t>(p)].cuts().stop();
    }
    /// How many keys it has something of, or has to know of.
    std::size_t keys_held() const
    {
        std::size_t held = 0;
        for (const auto& p : parts_) held += p.keys_held();
        return held;
    }

    /// Nothing is due as long as some of what is read again was told before a restart: what had
    /// filled a window may go yet.
    time_point next_end() const
    {
        auto next = never;
        for (const auto& p : parts_) {
            if (p.cuts().is_resuming() && !over_) return never;
            if (const auto* w = p.next()) next = std::min(next, w->end);
        }
        return next;
    }
    /// What a restart of `p` at `offset` has to know of the windows that are out.
    std::vector<log_place> cuts(partition_id p, std::int64_t offset)
        requires requires(const Windows& w) { w.size(); }
    {
        if (!known(p)) return {};
        auto& of = parts_[static_cast<std::size_t>(p)];
        auto places = of.cuts().from(offset);
        of.forget_gone();
        return places;
    }
    /// Whether those were too many to be told.
    bool lacks_cuts(partition_id p) const { return known(p) && at(p).cuts().are_too_many(); }
    /// After a restart of `p`: what `cuts` said before it.
    void resume_cuts(partition_id p, const std::vector<log_place>& cuts)
    {
        parts_[static_cast<std::size_t>(p)].cuts().resume(cuts);
    }
    /// Everything of `p` before `offset` has come.
    void pass(partition_id p, std::int64_t offset)
    {
        parts_[static_cast<std::size_t>(p)].cuts().pass(offset);
    }
    held hold(partition_id p) const { return known(p) ? at(p).hold() : held{}; }
    static std::int64_t seen(partition_id) { return -1; } // nothing is late
    time_point oldest(partition_id p) const
    {
        const auto* w = known(p) ? at(p).next() : nullptr;
        return w ? w->begin : never;
    }

    template <class Emit>
    bool fire(time_point watermark, Emit emit)
    {
        bool any = false;
        for (auto end = next_end(); end <= watermark && end != never; end = next_end()) {
            any = true;
            if (!emit(take(end))) break;
        }
        return any;
    }

    template <class Emit>
    bool flush(time_point, Emit emit)
    {
        if (!std::exchange(over_, true))
            for (auto& p : parts_) p.fill_all(windows_, aggregate_);
        return fire(never - duration(1), emit);
    }

    /// What is not full is not told.
    template <class Emit>
    bool peek(Emit)
    {
        return true;
    }

private:
    result take(time_point end)
    {
        std::size_t from = 0;
        const auto is_next = [&](const part& p) { return p.next() && p.next()->end == end; };
        while (!is_next(parts_[from])) ++from;
        auto w = parts_[from].take_next();
        this->advance(end);
        auto key = parts_[from].key_of(w);
        typename Aggregate::share rows{};
        const row_origin origin{
            static_cast<partition_id>(from), w.of.first_offset, w.of.first_time};
        per_key<Aggregate>::append(
            aggregate_, rows, std::move(key), *std::move(w.of.value), origin);
        parts_[from].let_go(w.slot);
        return result(w.begin, w.end, aggregate_.finish(std::move(rows)),
            w.is_whole ? emission::complete : emission::early);
    }

    Windows windows_;
    Aggregate aggregate_;
    bool needs_cuts_ = true;
    bool over_ = false; // the input has ended
};

} // namespace corostream::detail
