#pragma once

#include <corostream/core/closure.hpp>
#include <corostream/operators/keyed_table.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace corostream {

namespace detail {

template <class Input>
struct counting {
    using share = std::int64_t;
    using result = std::int64_t;

    static void add(share& into, Input&&, row_origin) { ++into; }
    static void merge(share& into, share&& from) { into += from; }
    static std::size_t size(const share&) { return 0; }
    static void reserve(share&, std::size_t) {}
};

class count_closure : public aggregate {
public:
    template <class Windowed>
    auto operator()(Windowed windows) &&
    {
        return std::move(windows).close(counting<typename Windowed::value_type>());
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
