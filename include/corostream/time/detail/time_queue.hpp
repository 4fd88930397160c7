#pragma once

#include <corostream/core/time.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace corostream::detail {

/// Numbers at moments, the earliest first. What comes in order waits in a row and costs next to
/// nothing, the rest in a heap. 12 bytes each.
class time_queue {
public:
    struct entry {
        time_point time;
        std::uint32_t number;
    };

    bool empty() const { return begin_ == row_.size() && heap_.empty(); }

    /// The earliest; there is one.
    entry top() const { return row_is_next() ? row_[begin_].get() : heap_.top().get(); }

    void push(entry e)
    {
        if (begin_ == row_.size() || e.time >= row_.back().time()) row_.emplace_back(e);
        else heap_.emplace(e);
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
    /// An entry without the four bytes that would align the next one.
    class packed {
    public:
        explicit packed(const entry& e)
            : time_(std::bit_cast<halves>(e.time.time_since_epoch().count()))
            , number_(e.number)
        {
        }
        time_point time() const { return time_point(duration(std::bit_cast<std::int64_t>(time_))); }
        entry get() const { return {time(), number_}; }
        friend bool operator>(const packed& a, const packed& b) { return a.time() > b.time(); }

    private:
        using halves = std::array<std::uint32_t, 2>;
        halves time_;
        std::uint32_t number_;
    };

    bool row_is_next() const
    {
        return begin_ < row_.size() && (heap_.empty() || row_[begin_].time() <= heap_.top().time());
    }

    std::vector<packed> row_; // from `begin_`
    std::size_t begin_ = 0;
    std::priority_queue<packed, std::vector<packed>, std::greater<>> heap_;
};

} // namespace corostream::detail
