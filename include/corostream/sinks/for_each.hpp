#pragma once

#include <corostream/core/closure.hpp>
#include <corostream/core/detail/is_awaitable.hpp>
#include <corostream/core/run.hpp>
#include <corostream/sinks/detail/retrying_job.hpp>
#include <corostream/sinks/retry.hpp>

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
            static_assert(!is_awaitable<std::invoke_result_t<F&, value>>,
                "corostream: for_each(f): f must not be a coroutine; await in a loop over next() "
                "instead");
            using terminal = for_each_terminal<value, F>;
            return synchronous_job<Up, terminal>(std::move(up), terminal(std::move(f_)));
        }
    }

private:
    F f_;
};

template <class F>
class for_each_retrying_closure : public closure {
public:
    for_each_retrying_closure(F f, retry policy)
        : f_(std::move(f))
        , policy_(std::move(policy))
    {
    }

    template <stream Up>
    auto operator()(Up up) &&
    {
        constexpr bool callable = std::invocable<F&, const typename Up::value_type&>;
        static_assert(callable,
            "corostream: for_each(f, retry): f is not callable with a const reference to the "
            "stream's value_type; it may be called again with the same element");
        if constexpr (callable) {
            static_assert(
                !is_awaitable<std::invoke_result_t<F&, const typename Up::value_type&>>,
                "corostream: for_each(f, retry): f must not be a coroutine; await in a loop over "
                "next() instead");
            return retrying_job<Up, F>(std::move(up), std::move(f_), std::move(policy_));
        }
    }

private:
    F f_;
    retry policy_;
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

/// The same, and calls `f(v)` again with the same element while it throws what `policy` covers, so
/// that a database that is away for a moment does not end the pipeline.
///
/// `f` gets a const reference. While an element waits to be tried again, the ones behind it wait,
/// too: one pump's at the most; nothing more is pulled, and a Kafka consumer stays in its group. An
/// element of a partition that is taken away meanwhile is left to the next owner.
///
/// Errors: when the policy does not cover an exception, or gives up, or a graceful stop is asked
/// for in between, the exception ends the pipeline; `dead_letter` does not guard it. The element is
/// not acknowledged then, nor what the same pump brought before it. Completes with the stream.
/// Cancellation: at any wait. Cost: a call an element; a timer for each wait.
template <class F>
auto for_each(F f, retry policy)
{
    return detail::for_each_retrying_closure<F>(std::move(f), std::move(policy));
}

} // namespace corostream
