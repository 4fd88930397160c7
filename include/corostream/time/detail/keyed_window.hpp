#pragma once

#include <corostream/core/row_origin.hpp>
#include <corostream/core/time.hpp>
#include <corostream/time/detail/per_key.hpp>
#include <corostream/time/window_result.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace corostream::detail {

/// From when to when a window of a key is.
struct window_bounds {
    time_point begin, end;

    void include(const window_bounds& other)
    {
        begin = std::min(begin, other.begin);
        end = std::max(end, other.end);
    }
    friend bool operator==(const window_bounds&, const window_bounds&) = default;
};

/// One window of a key, put together from what partitions have of it.
template <class Aggregate>
struct keyed_window {
    using keys = per_key<Aggregate>;
    using key_type = typename keys::key_type;
    using part_type = typename keys::part;

    window_bounds bounds;
    key_type key;
    corostream::emission what = corostream::emission::complete;
    std::optional<part_type> of{};
    row_origin origin{}; ///< where the key was first seen in it

    void add(const row_origin& first, part_type&& values, Aggregate& a)
    {
        if (!of || seen_before(first, origin)) origin = first;
        if (!of) of = std::move(values);
        else keys::merge(a, *of, std::move(values));
    }
};

/// Those of the same bounds make one result. What is taken back comes before what takes its place.
template <class Aggregate>
auto results_of(std::vector<keyed_window<Aggregate>> all, Aggregate& aggregate)
{
    using whole = keyed_window<Aggregate>;
    const auto is_new = [](const whole& w) { return w.what != emission::retracted; };
    std::sort(all.begin(), all.end(), [&](const whole& a, const whole& b) {
        return std::tuple(is_new(a), a.bounds.end, a.bounds.begin, a.what, a.origin.partition,
                   a.origin.offset)
             < std::tuple(is_new(b), b.bounds.end, b.bounds.begin, b.what, b.origin.partition,
                 b.origin.offset);
    });
    std::vector<window_result<typename Aggregate::result>> made;
    for (std::size_t i = 0; i < all.size();) {
        const auto& first = all[i];
        const auto [bounds, what] = std::pair(first.bounds, first.what);
        typename Aggregate::share rows{};
        for (; i < all.size() && all[i].bounds == bounds && all[i].what == what; ++i)
            per_key<Aggregate>::append(
                aggregate, rows, std::move(all[i].key), *std::move(all[i].of), all[i].origin);
        made.emplace_back(bounds.begin, bounds.end, aggregate.finish(std::move(rows)), what);
    }
    return made;
}

} // namespace corostream::detail
