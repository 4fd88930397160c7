#pragma once

#include <corostream/operators/detail/elementwise_stage.hpp>

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

struct tap_step {
    template <class F, class Input>
    using value_type = Input;

    template <class F, class Input, class Next>
    static bool push(F& f, Input&& v, const element& e, Next& next)
    {
        if constexpr (std::invocable<F&, const Input&, const element&>)
            std::invoke(f, std::as_const(v), e);
        else std::invoke(f, std::as_const(v));
        return next.push(std::forward<Input>(v), e);
    }

    template <class F, class Input>
    static constexpr bool check()
    {
        constexpr bool fits = std::invocable<F&, const Input&>
                           || std::invocable<F&, const Input&, const element&>;
        static_assert(fits, "corostream: tap(f): f is not callable with the stream's value_type");
        return fits;
    }
};

} // namespace detail

/// Calls `f(v)` or `f(v, element)` for each element and passes the element on as it is: for a look
/// at time and offset, a log, a counter.
///
/// `f` is called once an element, in order, with const references; what it returns is ignored. An
/// exception from it ends the pipeline. Completes and is cancelled with the stream before it. Cost:
/// a call, inlined; may stand inside a window.
template <class F>
auto tap(F f)
{
    return detail::elementwise_closure<detail::tap_step, F>(std::move(f));
}

} // namespace corostream
