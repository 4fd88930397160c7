#pragma once

#include <corostream/core/closure.hpp>

#include <type_traits>
#include <utility>

namespace corostream::detail {

/// The aggregate that a closure makes over elements of type `Input`.
template <class Closure, class Input>
using made_over = decltype(std::declval<Closure>().template over<Input>());

template <class Aggregate>
inline constexpr bool is_keyed = false;
template <class Aggregate>
    requires requires { typename Aggregate::key_type; }
inline constexpr bool is_keyed<Aggregate> = true;

/// The result of a share that has an element: what may be missing only since a window may be empty
/// is there.
template <class Aggregate>
auto finish_nonempty(Aggregate& aggregate, typename Aggregate::share&& share)
{
    if constexpr (requires { aggregate.finish_nonempty(std::move(share)); })
        return aggregate.finish_nonempty(std::move(share));
    else return aggregate.finish(std::move(share));
}

} // namespace corostream::detail
