#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/core/cursor.hpp>
#include <corostream/time/tumbling.hpp>
#include <corostream/time/window_result.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace corostream::detail {

/// The open windows of a stream, one share a partition and window: no clock, no I/O. Told what
/// comes in and what time it is, it says which windows are due. A partition that leaves takes
/// exactly its shares with it.
template <class Aggregate>
class window_state {
public:
    using result = window_result<typename Aggregate::result>;

    window_state(tumbling windows, bool emit_empty, Aggregate aggregate)
        : windows_(windows)
        , emit_empty_(emit_empty)
        , aggregate_(std::move(aggregate))
    {
    }

    /// The elements that follow come from partition `p`.
    void open(partition_id p)
    {
        const auto at = static_cast<std::size_t>(p);
        if (parts_.size() <= at) parts_.resize(at + 1);
        current_ = &parts_[at];
        partition_ = p;
        hot_size_ = 0;
    }

    /// Adds one element of the partition opened last.
    template <class Input>
    void add(time_point time, std::int64_t offset, Input&& v)
    {
        // one comparison for both bounds: what is before the begin wraps around
        if (count_of(time) - count_of(hot_begin_) >= hot_size_) [[unlikely]]
            find_share(time, offset);
        aggregate_.add(hot_->values, std::forward<Input>(v), {partition_, offset, time});
    }

    /// The stream has begun: with `emit_empty`, windows are due from the one that holds `now` on.
    void start(time_point now)
    {
        if (emit_empty_ && !next_empty_) next_empty_ = windows_.begin_of(now);
    }

    /// When the next window is due; `never` if none is open.
    time_point next_end() const
    {
        auto begin = next_empty_.value_or(never);
        for (const auto& p : parts_)
            if (!p.open.empty()) begin = std::min(begin, p.open.begin()->first);
        return begin == never ? never : begin + windows_.size();
    }

    /// Lowest offset of `p` that an open window needs.
    std::int64_t hold(partition_id p) const
    {
        auto lowest = nothing_held;
        const auto at = static_cast<std::size_t>(p);
        if (at < parts_.size())
            for (const auto& [begin, s] : parts_[at].open)
                lowest = std::min(lowest, s.first_offset);
        return lowest;
    }

    /// Begin of the first open window that has something of `p`; `never` if none.
    time_point oldest(partition_id p) const
    {
        const auto at = static_cast<std::size_t>(p);
        return at < parts_.size() && !parts_[at].open.empty() ? parts_[at].open.begin()->first
                                                              : never;
    }

    /// Forgets what partition `p` put into open windows: its new owner will count it.
    void revoke(partition_id p)
    {
        const auto at = static_cast<std::size_t>(p);
        if (at < parts_.size()) parts_[at] = {};
        hot_size_ = 0;
    }

    /// Emits every window that ends by `now`, in order of its end, by `bool emit(result)`; stops
    /// when that returns false. Returns whether there was one. An empty window is due only up to
    /// `now`, so a flush does not make more of them.
    template <class Emit>
    bool fire(time_point now, Emit emit)
    {
        bool any = false;
        for (auto end = next_end(); end <= now && end != never; end = next_end()) {
            hot_size_ = 0;
            auto due = take(end - windows_.size());
            any = true;
            if (!emit(result(end - windows_.size(), end, aggregate_.finish(std::move(due))))) break;
        }
        return any;
    }

    /// Emits what is due by `now`, then every open window, as at the end of the input; stops as
    /// `fire` does.
    template <class Emit>
    bool flush(time_point now, Emit emit)
    {
        bool wanted = true;
        auto one = [&](result&& r) { return wanted = emit(std::move(r)); };
        const bool due = fire(now, one);
        if (!wanted) return true;
        next_empty_.reset();
        return fire(never - duration(1), one) || due;
    }

private:
    struct share {
        typename Aggregate::share values{};
        std::int64_t first_offset = nothing_held;
    };
    struct part {
        std::map<time_point, share> open;
        std::size_t usual_size = 0; // keys in its last window: room is made for as many
    };

    static std::uint64_t count_of(time_point time)
    {
        return static_cast<std::uint64_t>(time.time_since_epoch().count());
    }

    void find_share(time_point time, std::int64_t offset)
    {
        hot_begin_ = windows_.begin_of(time);
        hot_size_ = static_cast<std::uint64_t>(windows_.size().count());
        const auto [at, fresh] = current_->open.try_emplace(hot_begin_);
        hot_ = &at->second;
        if (!fresh) return;
        hot_->first_offset = offset; // offsets rise within a partition
        aggregate_.reserve(hot_->values, current_->usual_size);
    }

    /// Removes the shares of one window and merges them in order of partition: rows come out as
    /// first seen.
    typename Aggregate::share take(time_point begin)
    {
        std::optional<typename Aggregate::share> whole;
        part* first = nullptr;
        for (auto& p : parts_) {
            const auto at = p.open.find(begin);
            if (at == p.open.end()) continue;
            p.usual_size = aggregate_.size(at->second.values);
            if (whole) aggregate_.merge(*whole, std::move(at->second.values));
            else whole.emplace(std::move(at->second.values)), first = &p;
            p.open.erase(at);
        }
        if (next_empty_) next_empty_ = std::max(*next_empty_, begin + windows_.size());
        // what the others hold will be merged into it
        if (first) first->usual_size = aggregate_.size(*whole);
        if (!whole) whole.emplace();
        return std::move(*whole);
    }

    tumbling windows_;
    bool emit_empty_;
    Aggregate aggregate_;
    std::vector<part> parts_;
    std::optional<time_point> next_empty_; // begin of the first window not yet emitted
    part* current_ = nullptr;
    partition_id partition_ = 0;
    share* hot_ = nullptr; // where the last element went
    time_point hot_begin_{};
    std::uint64_t hot_size_ = 0; // of its window; nothing falls into a size of 0
};

} // namespace corostream::detail
