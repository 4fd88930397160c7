#pragma once

#include <corostream/core/batch.hpp>

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

namespace corostream::detail {

/// Where elements that are not counted go if nobody asked for them.
struct dropped {};

/// Whether `f(value)` or `f(value, element)` can be called.
template <class F, class Value>
concept side_stream_for = std::same_as<F, dropped> || std::invocable<F&, Value>
                       || std::invocable<F&, Value, const element&>;

template <class F, class Value>
void divert(F& to, Value&& v, const element& e)
{
    if constexpr (std::same_as<F, dropped>) {
        static_cast<void>(v);
        static_cast<void>(e);
    } else if constexpr (std::invocable<F&, Value, const element&>) {
        std::invoke(to, std::forward<Value>(v), e);
    } else {
        std::invoke(to, std::forward<Value>(v));
    }
}

} // namespace corostream::detail
