#pragma once

#include <corostream/operators/detail/aggregate_closure.hpp>
#include <corostream/operators/owned_key.hpp>

#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

template <class Input, class Op>
class reduction : public without_keys {
    using value = owned_key<std::remove_cvref_t<Input>>;

public:
    using share = std::optional<value>;
    using result = share;

    explicit reduction(Op op)
        : op_(std::move(op))
    {
    }

    void add(share& into, Input&& v, const row_origin&)
    {
        take(into, value(std::forward<Input>(v)));
    }
    void merge(share& into, share&& from)
    {
        if (from) take(into, *std::move(from));
    }
    static result finish(share&& s) { return std::move(s); }
    static value finish_nonempty(share&& s) { return *std::move(s); }

private:
    void take(share& into, value&& v)
    {
        if (into) {
            *into = static_cast<value>(std::invoke(op_, std::move(*into), std::move(v)));
        } else into.emplace(std::move(v));
    }

    [[no_unique_address]] Op op_;
};

template <class Op>
class reduce_closure : public aggregate_closure<reduce_closure<Op>> {
public:
    explicit reduce_closure(Op op)
        : op_(std::move(op))
    {
    }

    template <class Input>
    auto over() &&
    {
        using value = owned_key<std::remove_cvref_t<Input>>;
        constexpr bool reduces = std::is_invocable_r_v<value, Op&, value, value>;
        static_assert(reduces, "corostream: reduce(f): f does not make one value of two values");
        constexpr bool keeps = std::constructible_from<value, Input>;
        static_assert(keeps,
            "corostream: reduce(f): the element cannot be copied, and others read it too");
        if constexpr (reduces && keeps) return reduction<Input, Op>(std::move(op_));
    }

private:
    Op op_;
};

} // namespace detail

/// Closes a window: its elements made one by `op(value, value)`. Yields one `window_result` of a
/// `std::optional` a window, empty if the window is.
///
/// `op` must be associative and commutative, as addition is: each partition is reduced on its own,
/// and the partitions are merged when the window fires. An element that is a view of characters is
/// owned as a `std::string`. Holds one value a partition and open window, and keeps their offsets
/// from being committed until then. An exception from `op` ends the pipeline. Cost: a call an
/// element, inlined.
template <class Op>
auto reduce(Op op)
{
    return detail::reduce_closure<Op>(std::move(op));
}

} // namespace corostream
