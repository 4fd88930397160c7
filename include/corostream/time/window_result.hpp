#pragma once

#include <corostream/core/time.hpp>

#include <ranges>
#include <utility>

namespace corostream {

/// What a result says of its window.
enum class emission : unsigned char {
    early,    ///< what the window has so far; more is to come
    complete, ///< all of it, told once
    update,   ///< told again: late elements that were allowed have been added
    /// told before, and no window any more: late elements have made it part of another, which
    /// follows. Its value is the one that is taken back.
    retracted,
};

/// What an aggregate made of one window, `[begin_time, end_time)`. A range if the aggregate's value
/// is one, such as the rows of `reduce_by_key`.
template <class T>
class window_result {
public:
    /// Says `what` of the window `[begin, end)`, of which the aggregate made `value`.
    window_result(time_point begin, time_point end, T value,
        corostream::emission what = corostream::emission::complete)
        : begin_(begin)
        , end_(end)
        , value_(std::move(value))
        , emission_(what)
    {
    }

    time_point begin_time() const { return begin_; } ///< inclusive
    time_point end_time() const { return end_; } ///< exclusive
    corostream::emission emission() const { return emission_; } ///< whether that is all of it
    const T& value() const& { return value_; } ///< what the aggregate made of the window
    T&& value() && { return std::move(value_); } ///< the same, to be moved out

    /// @name The value, if it is a range
    /// @{
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
    /// @}

private:
    time_point begin_, end_;
    T value_;
    corostream::emission emission_;
};

} // namespace corostream
