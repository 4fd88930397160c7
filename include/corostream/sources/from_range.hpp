#pragma once

#include <corostream/core/local_source.hpp>
#include <corostream/core/owning_range.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <ranges>
#include <utility>

namespace corostream {

namespace detail {

template <class Range>
class range_feed {
public:
    using value_type = std::ranges::range_value_t<Range>;
    static constexpr auto name = "from_range";

    explicit range_feed(Range range)
        : range_(std::make_unique<Range>(std::move(range)))
        , at_(std::ranges::begin(*range_))
        , end_(std::ranges::end(*range_))
    {
    }

    time_point due() const { return at_ == end_ ? never : time_point::min(); }

    template <class Push>
    bool give(std::size_t limit, time_point, Push push)
    {
        bool wanted = true;
        auto at = std::move(at_); // a local keeps the loop in registers
        // one count to go by lets the compiler vectorise the loop
        constexpr bool sized = std::sized_sentinel_for<decltype(end_), decltype(at_)>;
        if constexpr (sized) limit = std::min(limit, static_cast<std::size_t>(end_ - at));
        for (; wanted && limit > 0 && (sized || at != end_); ++at, --limit) {
            if constexpr (owning_range<Range>) wanted = push(value_type(std::move(*at)));
            else wanted = push(value_type(*at));
        }
        at_ = std::move(at);
        return wanted;
    }

private:
    // its address, and so its iterators, outlive a move of the source
    std::unique_ptr<Range> range_;
    std::ranges::iterator_t<Range> at_;
    std::ranges::sentinel_t<Range> end_;
};

} // namespace detail

/// The elements of `range` as a stream, offsets counting from 0. The stream owns the range; of a
/// view (`std::views::all(v)`, a range-v3 view) it owns the view only.
///
/// Completes after the last element. An exception from the range ends the stream. Is never waited
/// for, so it ends with `operation_aborted` only between batches. Cost: one allocation; elements of
/// an owned range are moved, not copied. `batch_size` is the number of elements a batch has.
template <std::ranges::input_range Range>
auto from_range(Range range, std::size_t batch_size = default_batch_size)
{
    return detail::source_of(detail::range_feed<Range>(std::move(range)), batch_size);
}

} // namespace corostream
