#pragma once

#include <corostream/core/closure.hpp>

#include <functional>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

template <class Up, class F>
class tap_stage : public stage_over<Up> {
public:
    using value_type = typename Up::value_type;

    tap_stage(Up up, F f)
        : stage_over<Up>(std::move(up))
        , f_(std::move(f))
    {
    }

    template <class Sink>
    asio::awaitable<pumped> pump(Sink next, time_point until)
    {
        return this->up_.pump(sink<Sink>{{next}, &f_}, until);
    }

private:
    template <class Next>
    struct sink : forwarding_sink<Next> {
        F* f;
        bool push(value_type&& v, const element& e)
        {
            if constexpr (std::invocable<F&, const value_type&, const element&>)
                std::invoke(*f, std::as_const(v), e);
            else std::invoke(*f, std::as_const(v));
            return this->next.push(std::move(v), e);
        }
    };

    F f_;
};

template <class F>
class tap_closure : public elementwise {
public:
    explicit tap_closure(F f)
        : f_(std::move(f))
    {
    }

    template <stream Up>
    auto operator()(Up up) &&
    {
        using value = const typename Up::value_type&;
        constexpr bool callable
            = std::invocable<F&, value> || std::invocable<F&, value, const element&>;
        static_assert(
            callable, "corostream: tap(f): f is not callable with the stream's value_type");
        if constexpr (callable) return tap_stage<Up, F>(std::move(up), std::move(f_));
    }

private:
    F f_;
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
    return detail::tap_closure<F>(std::move(f));
}

} // namespace corostream
