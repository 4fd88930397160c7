#pragma once

#include <corostream/core/time.hpp>

#include <ranges>
#include <utility>

namespace corostream {

/// What an aggregate made of one window, `[begin_time, end_time)`. A range if the aggregate's value
/// is one, such as the rows of `reduce_by_key`.
template <class T>
class window_result {
public:
    window_result(time_point begin, time_point end, T value)
        : begin_(begin)
        , end_(end)
        , value_(std::move(value))
    {
    }

    time_point begin_time() const { return begin_; }
    time_point end_time() const { return end_; } ///< exclusive
    const T& value() const& { return value_; }
    T&& value() && { return std::move(value_); }

    auto begin() const
        requires std::ranges::range<const T>
    {
        return std::ranges::begin(value_);
    }
    auto end() const
        requires std::ranges::range<const T>
    {
        return std::ranges::end(value_);
    }
    auto size() const
        requires std::ranges::sized_range<const T>
    {
        return std::ranges::size(value_);
    }
    bool empty() const
        requires std::ranges::sized_range<const T>
    {
        return std::ranges::empty(value_);
    }

private:
    time_point begin_, end_;
    T value_;
};

} // namespace corostream
