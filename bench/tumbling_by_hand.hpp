#pragma once

#include "string_tables.hpp"

#include <corostream/core/time.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <ratio>
#include <string_view>
#include <utility>
#include <vector>

/// The watermarks of the partitions that a loop by hand reads.
class watermarks {
public:
    explicit watermarks(std::size_t partitions)
        : of_(partitions, corostream::time_point::min())
    {
    }
    corostream::time_point& of(std::size_t p) { return of_[p]; }
    corostream::time_point lowest() const { return *std::min_element(of_.begin(), of_.end()); }

private:
    std::vector<corostream::time_point> of_;
};

/// Counts in tumbling windows by event time as one writes it by hand: a table a window, of all
/// partitions, used again; what is too late for its window is dropped.
template <class Counts>
class tumbling_by_hand {
public:
    static constexpr auto size = std::chrono::seconds(4);

    explicit tumbling_by_hand(corostream::duration bound)
        : bound_(bound)
    {
    }

    /// One record, and the watermark of its partition.
    void add(
        corostream::time_point time, std::string_view name, corostream::time_point& watermark)
    {
        watermark = std::max(watermark, time - bound_);
        if (!last_ || time < last_->begin || time >= last_->begin + size) find(time);
        if (last_->begin + size <= watermark) return;
        const auto known = last_->counts.find(name);
        if (known != last_->counts.end()) ++known->second;
        else last_->counts.emplace(name, 1);
    }

    /// Emits what ends by `reached`, in order: `emit(begin, counts)`.
    template <class Emit>
    void emit_until(corostream::time_point reached, Emit emit)
    {
        for (; !open_.empty() && open_.front().begin + size <= reached; open_.pop_front()) {
            auto& [begin, counts] = open_.front();
            emit(begin, std::as_const(counts));
            counts.clear();
            spare_.push_back(std::move(counts));
            last_ = nullptr;
        }
    }

private:
    struct window {
        corostream::time_point begin;
        Counts counts;
    };

    void find(corostream::time_point time)
    {
        const corostream::time_point begin
            = std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<4>>>(time);
        auto at = open_.begin();
        while (at != open_.end() && at->begin < begin) ++at;
        if (at == open_.end() || at->begin != begin) {
            at = open_.insert(at, window{begin, {}});
            if (!spare_.empty()) {
                at->counts = std::move(spare_.back());
                spare_.pop_back();
            }
        }
        last_ = &*at;
    }

    corostream::duration bound_;
    std::deque<window> open_; // in order
    std::vector<Counts> spare_;
    window* last_ = nullptr;
};
