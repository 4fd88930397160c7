#pragma once

#include <corostream/core/closure.hpp>
#include <corostream/core/run.hpp>

#include <functional>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

template <class Value, class F>
class for_each_terminal {
public:
    using result_type = void;

    explicit for_each_terminal(F f)
        : f_(std::move(f))
    {
    }

    auto sink() { return call_sink{{}, &f_}; }
    void result() {}

private:
    struct call_sink : null_sink {
        F* f;
        bool push(Value&& v, const element&)
        {
            static_cast<void>(std::invoke(*f, std::move(v)));
            return true;
        }
    };

    F f_;
};

template <class F>
class for_each_closure : public closure {
public:
    explicit for_each_closure(F f)
        : f_(std::move(f))
    {
    }

    template <stream Up>
    auto operator()(Up up) &&
    {
        using value = typename Up::value_type;
        static_assert(std::invocable<F&, value>,
            "corostream: for_each(f): f is not callable with the stream's value_type");
        if constexpr (std::invocable<F&, value>) {
            static_assert(
                !requires(
                    std::invoke_result_t<F&, value> r) { typename decltype(r)::executor_type; },
                "corostream: for_each(f): f must not be a coroutine; await in a loop over next() "
                "instead");
            using terminal = for_each_terminal<value, F>;
            return synchronous_job<Up, terminal>(std::move(up), terminal(std::move(f_)));
        }
    }

private:
    F f_;
};

} // namespace detail

/// Ends a pipeline: calls `f(v)` for each element. Yields a job for `run`.
///
/// `f` is called in order, with an rvalue; when it has returned, the element is acknowledged. An
/// exception from it ends the pipeline and leaves the element unacknowledged. Completes with the
/// stream. Cost: a call, inlined.
template <class F>
auto for_each(F f)
{
    return detail::for_each_closure<F>(std::move(f));
}

} // namespace corostream
