#pragma once

#include <corostream/core/closure.hpp>

#include <functional>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

template <class Up, class F>
class map_stage : public stage_over<Up> {
    using input = typename Up::value_type;

public:
    using value_type = std::remove_cvref_t<std::invoke_result_t<F&, input>>;

    map_stage(Up up, F f)
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
        bool push(input&& v, const element& e)
        {
            return this->next.push(value_type(std::invoke(*f, std::move(v))), e);
        }
    };

    F f_;
};

template <class F>
class map_closure : public elementwise {
public:
    explicit map_closure(F f)
        : f_(std::move(f))
    {
    }

    template <stream Up>
    auto operator()(Up up) &&
    {
        using input = typename Up::value_type;
        static_assert(std::invocable<F&, input>,
            "corostream: map(f): f is not callable with the stream's value_type");
        if constexpr (std::invocable<F&, input>) {
            static_assert(!std::is_void_v<std::invoke_result_t<F&, input>>,
                "corostream: map(f): f returns nothing; for a side effect use tap(f), at the end "
                "for_each(f)");
            return map_stage<Up, F>(std::move(up), std::move(f_));
        }
    }

private:
    F f_;
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
    return detail::map_closure<F>(std::move(f));
}

} // namespace corostream
