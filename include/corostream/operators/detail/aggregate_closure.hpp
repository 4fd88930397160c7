#pragma once

#include <corostream/core/closure.hpp>
#include <corostream/operators/aggregate_of.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace corostream::detail {

/// An aggregate to the right of `|`. `Derived` has `over<Input>() &&`, which makes the aggregate
/// for elements of that type (or returns nothing, having said why not at compile time); so
/// aggregates can stand within others.
template <class Derived>
// NOLINTNEXTLINE(bugprone-crtp-constructor-accessibility): some that derive are made by braces
struct aggregate_closure : aggregation {
    template <class Windowed>
    auto operator()(Windowed windows) &&
    {
        using input = typename Windowed::value_type;
        using made = decltype(static_cast<Derived&&>(*this).template over<input>());
        if constexpr (!std::is_void_v<made>) {
            static_assert(aggregate_of<made, input>);
            return std::move(windows).close(static_cast<Derived&&>(*this).template over<input>());
        }
    }
};

/// The base of an aggregate whose share does not grow by keys.
struct without_keys {
    template <class Share>
    static std::size_t size(const Share&)
    {
        return 0;
    }
    template <class Share>
    static void reserve(Share&, std::size_t)
    {
    }
};

} // namespace corostream::detail
