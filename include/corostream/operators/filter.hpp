#pragma once

#include <corostream/operators/detail/elementwise_stage.hpp>

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

struct filter_step {
    template <class Predicate, class Input>
    using value_type = Input;

    template <class Predicate, class Input, class Next>
    static bool push(Predicate& keep, Input&& v, const element& e, Next& next)
    {
        return !std::invoke(keep, std::as_const(v)) || next.push(std::forward<Input>(v), e);
    }

    template <class Predicate, class Input>
    static constexpr bool check()
    {
        constexpr bool fits = std::predicate<Predicate&, const Input&>;
        static_assert(
            fits, "corostream: filter(p): p is not a predicate over the stream's value_type");
        return fits;
    }
};

} // namespace detail

/// Keeps the elements for which `keep(v)` is true. A dropped element counts as processed: it is
/// acknowledged with the rest.
///
/// `keep` is called once an element, in order, with a const reference; a member pointer will do. An
/// exception from it ends the pipeline. Completes and is cancelled with the stream before it. Cost:
/// a call, inlined; may stand inside a window.
template <class Predicate>
auto filter(Predicate keep)
{
    return detail::elementwise_closure<detail::filter_step, Predicate>(std::move(keep));
}

} // namespace corostream
