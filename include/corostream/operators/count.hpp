#pragma once

#include <corostream/operators/detail/aggregate_closure.hpp>

#include <cstdint>

namespace corostream {

namespace detail {

template <class Input>
struct counting : without_keys {
    using share = std::int64_t;
    using result = std::int64_t;

    static void add(share& into, Input&&, const row_origin&) { ++into; }
    static void merge(share& into, share&& from) { into += from; }
    static result finish(share&& s) { return s; }
};

struct count_closure : aggregate_closure<count_closure> {
    template <class Input>
    auto over() &&
    {
        return counting<Input>();
    }
};

} // namespace detail

/// Closes a window: how many elements there were. Yields one `window_result<std::int64_t>` a
/// window.
///
/// Holds one number a partition and open window, and keeps their offsets from being committed until
/// then. Cost: an increment an element.
inline auto count() { return detail::count_closure(); }

} // namespace corostream
