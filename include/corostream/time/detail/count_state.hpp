#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/core/cursor.hpp>
#include <corostream/time/detail/count_part.hpp>
#include <corostream/time/detail/count_pieces.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/parted.hpp>
#include <corostream/time/detail/per_key.hpp>
#include <corostream/time/detail/window_options.hpp>
#include <corostream/time/window_result.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
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
        : sizes_(sizes_of(windows))
        , aggregate_(std::move(aggregate))
    {
    }

    template <class Input>
    verdict add(const moment& m, Input&& v)
    {
        current_->add(
            sizes_, m, std::forward<Input>(v), {partition_, m.offset, m.time}, aggregate_);
        return verdict::counted;
    }
    static void start(time_point) {}

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
        return parts_[static_cast<std::size_t>(p)].cuts_from(offset);
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
        return w ? w->begin() : never;
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

    /// Each partition has come to `watermark_of(partition)`, whether its last elements have come
    /// here or not.
    template <class Of>
    void come_to(Of watermark_of)
    {
        for (std::size_t p = 0; p < parts_.size(); ++p)
            parts_[p].come_to(watermark_of(static_cast<partition_id>(p)));
    }

    template <class Emit>
    bool flush(time_point, Emit emit)
    {
        if (!std::exchange(over_, true))
            for (auto& p : parts_) p.fill_all(sizes_, aggregate_);
        return fire(never - duration(1), emit);
    }

    /// What is not full is not told.
    template <class Emit>
    bool peek(Emit)
    {
        return true;
    }

private:
    static count_sizes sizes_of(const Windows& windows)
    {
        const auto hop = windows.hop();
        if constexpr (requires { windows.size(); })
            return {windows.size(), hop, std::gcd(windows.size(), hop)};
        else return {hop, hop, hop};
    }

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
        return result(w.begin(), w.end, aggregate_.finish(std::move(rows)),
            w.is_whole ? emission::complete : emission::early);
    }

    count_sizes sizes_;
    Aggregate aggregate_;
    bool over_ = false; // the input has ended
};

} // namespace corostream::detail
