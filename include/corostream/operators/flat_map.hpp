#pragma once

#include <corostream/core/owning_range.hpp>
#include <corostream/operators/detail/elementwise_stage.hpp>

#include <concepts>
#include <functional>
#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// What flat_map makes of one result: the elements of a range, or of an optional.
template <class R>
struct flattened {
    using type = std::ranges::range_value_t<R>;
};
template <class T>
struct flattened<std::optional<T>> {
    using type = T;
};

template <class R>
concept flattens = is_optional<std::remove_cvref_t<R>> || std::ranges::input_range<R>;

struct flat_map_step {
    template <class F, class Input>
    using value_type =
        typename flattened<std::remove_cvref_t<std::invoke_result_t<F&, Input>>>::type;

    template <class F, class Input, class Next>
    static bool push(F& f, Input&& v, const element& e, Next& next)
    {
        using result = std::invoke_result_t<F&, Input>;
        using value = value_type<F, Input>;
        auto&& results = std::invoke(f, std::forward<Input>(v));
        if constexpr (is_optional<std::remove_cvref_t<result>>) {
            return !results || next.push(value(*std::forward<result>(results)), e);
        } else {
            for (auto&& r : results) {
                constexpr bool ours = !std::is_reference_v<result> && owning_range<result>;
                if constexpr (ours) {
                    if (!next.push(value(std::move(r)), e)) return false;
                } else {
                    if (!next.push(value(std::forward<decltype(r)>(r)), e)) return false;
                }
            }
            return true;
        }
    }

    template <class F, class Input>
    static constexpr bool check()
    {
        static_assert(std::invocable<F&, Input>,
            "corostream: flat_map(f): f is not callable with the stream's value_type");
        if constexpr (std::invocable<F&, Input>) {
            constexpr bool flat = flattens<std::invoke_result_t<F&, Input>>;
            static_assert(
                flat, "corostream: flat_map(f): f returns neither a range nor a std::optional");
            return flat;
        }
        return false;
    }
};

} // namespace detail

/// Turns each element `v` into the elements of `f(v)`, a range or a `std::optional`: none, one or
/// many, each with the time and offset of `v`.
///
/// `f` is called once an element, in order, with an rvalue. An exception from it ends the pipeline.
/// Completes and is cancelled with the stream before it. Cost: a call and what `f` allocates; may
/// stand inside a window.
template <class F>
auto flat_map(F f)
{
    return detail::elementwise_closure<detail::flat_map_step, F>(std::move(f));
}

} // namespace corostream
