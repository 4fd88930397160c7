#pragma once

#include <corostream/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace corostream::detail {

/// Numbers at moments, the earliest first. What comes in order waits in a row and costs next to
/// nothing, the rest in a heap.
class time_queue {
public:
    struct entry {
        time_point time;
        std::uint32_t number;
        friend bool operator>(const entry& a, const entry& b) { return a.time > b.time; }
    };

    bool empty() const { return begin_ == row_.size() && heap_.empty(); }

    /// The earliest; there is one.
    const entry& top() const { return row_is_next() ? row_[begin_] : heap_.top(); }

    void push(entry e)
    {
        if (begin_ == row_.size() || e.time >= row_.back().time) row_.push_back(e);
        else heap_.push(e);
    }

    void pop()
    {
        if (!row_is_next()) {
            heap_.pop();
            return;
        }
        ++begin_;
        if (2 * begin_ < row_.size()) return;
        row_.erase(row_.begin(), row_.begin() + static_cast<std::ptrdiff_t>(begin_));
        begin_ = 0;
    }

private:
    bool row_is_next() const
    {
        return begin_ < row_.size() && (heap_.empty() || row_[begin_].time <= heap_.top().time);
    }

    std::vector<entry> row_; // from `begin_`
    std::size_t begin_ = 0;
    std::priority_queue<entry, std::vector<entry>, std::greater<>> heap_;
};

} // namespace corostream::detail
