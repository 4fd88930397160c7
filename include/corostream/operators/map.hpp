#pragma once

#include <corostream/operators/detail/elementwise_stage.hpp>

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

struct map_step {
    template <class F, class Input>
    using value_type = std::remove_cvref_t<std::invoke_result_t<F&, Input>>;

    template <class F, class Input, class Next>
    static bool push(F& f, Input&& v, const element& e, Next& next)
    {
        return next.push(value_type<F, Input>(std::invoke(f, std::forward<Input>(v))), e);
    }

    template <class F, class Input>
    static constexpr bool check()
    {
        static_assert(std::invocable<F&, Input>,
            "corostream: map(f): f is not callable with the stream's value_type");
        if constexpr (std::invocable<F&, Input>) {
            constexpr bool returns = !std::is_void_v<std::invoke_result_t<F&, Input>>;
            static_assert(returns,
                "corostream: map(f): f returns nothing; for a side effect use tap(f), at the end "
                "for_each(f)");
            return returns;
        }
        return false;
    }
};

} // namespace detail

/// Turns each element `v` into `f(v)`; time and offset stay with it.
///
/// `f` is called once an element, in order, with an rvalue; a member pointer will do. The result is
/// kept as a value; a view it returns must not outlive the element. An exception from `f` ends the
/// pipeline. Completes and is cancelled with the stream before it. Cost: a call, inlined; may stand
/// inside a window.
template <class F>
auto map(F f)
{
    return detail::elementwise_closure<detail::map_step, F>(std::move(f));
}

} // namespace corostream
