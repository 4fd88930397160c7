#pragma once

#include <corostream/operators/owned_key.hpp>

#include <concepts>
#include <functional>
#include <type_traits>

namespace corostream::detail {

/// What a projection makes of an element that is handed on as `Input&&`; may refer to it.
template <class Projection, class Input>
using projected = std::invoke_result_t<Projection&, Input>;

/// The same as a value that is kept: a view of characters becomes a `std::string`.
template <class Projection, class Input>
using kept = owned_key<std::remove_cvref_t<projected<Projection, Input>>>;

/// What `key(v)` makes of an element to be looked up: a reference into it or a view stays one, but
/// what is small is copied, which costs less.
template <class Key, class Input>
using looked_up = std::conditional_t<
    std::is_trivially_copyable_v<
        std::remove_cvref_t<projected<Key, const std::remove_cvref_t<Input>&>>>,
    std::remove_cvref_t<projected<Key, const std::remove_cvref_t<Input>&>>,
    projected<Key, const std::remove_cvref_t<Input>&>>;

/// Whether the value can be kept. Not if it can only be moved, but others read it too.
template <class Projection, class Input>
concept keeps_what_it_projects
    = std::constructible_from<kept<Projection, Input>, projected<Projection, Input>>;

/// `a < b`, and what is no number (NaN) comes after all numbers, so that there is one order.
struct number_order {
    template <class A, class B>
    constexpr bool operator()(const A& a, const B& b) const
    {
        if constexpr (std::floating_point<A> && std::floating_point<B>)
            return a < b || (!is_number(b) && is_number(a));
        else return a < b;
    }

private:
    template <class A>
    static constexpr bool is_number(const A& a)
    {
        return a == a; // NOLINT(misc-redundant-expression): NaN is equal to nothing
    }
};

struct reverse_order {
    template <class A, class B>
    constexpr bool operator()(const A& a, const B& b) const
    {
        return number_order()(b, a);
    }
};

template <class A, class B = A>
concept ordered = requires(const A& a, const B& b) {
    { a < b } -> std::convertible_to<bool>;
    { b < a } -> std::convertible_to<bool>;
};

} // namespace corostream::detail
