#pragma once

#include <corostream/core/pipeline.hpp>
#include <corostream/core/windowed.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace corostream {

/// The base of everything that can stand to the right of `|`. A closure is called once, as an
/// rvalue, with a stage (an aggregate: with a `windowed`), and returns a stage, a `windowed` or a
/// job.
struct closure {};

/// A closure that looks at one element at a time and leaves its time alone: it may go below a
/// window.
struct elementwise : closure {};

/// A closure that closes a window: the base of `count()`, `reduce_by_key(f)` and the like.
struct aggregation : closure {};

template <class O>
concept is_closure = std::derived_from<std::remove_cvref_t<O>, closure>;
template <class O>
concept is_elementwise = std::derived_from<std::remove_cvref_t<O>, elementwise>;
template <class O>
concept is_aggregate = std::derived_from<std::remove_cvref_t<O>, aggregation>;

/// Two closures as one: `source | (a | b)` is `source | a | b`.
template <class A, class B>
class composed
    : public std::conditional_t<is_elementwise<A> && is_elementwise<B>, elementwise, closure> {
public:
    composed(A a, B b)
        : a_(std::move(a))
        , b_(std::move(b))
    {
    }

    A first() && { return std::move(a_); }
    B second() && { return std::move(b_); }

    template <stream Stage>
    auto operator()(Stage stage) &&
    {
        return std::move(b_)(std::move(a_)(std::move(stage)));
    }

private:
    A a_;
    B b_;
};

namespace detail {

template <class O>
inline constexpr bool is_composed = false;
template <class A, class B>
inline constexpr bool is_composed<composed<A, B>> = true;

template <class Result>
auto named(Result result)
{
    if constexpr (stream<Result>) return pipeline<Result>(std::move(result));
    else return result;
}

} // namespace detail

/// Pipes a stream into an operator. The stream is moved from; a closure that has a name is copied,
/// so it can be used again.
template <class S, is_closure O>
    requires(!is_closure<S>)
auto operator|(S&& source, O&& operation)
{
    using Source = std::remove_cvref_t<S>;
    using Operation = std::remove_cvref_t<O>;
    static_assert(is_pipeline<Source> || is_windowed<Source>,
        "corostream: the left operand of | is not a stream; make one with from_range(...), "
        "generate(...) or a Kafka consumer");
    if constexpr (is_pipeline<Source> || is_windowed<Source>) {
        static_assert(!std::is_lvalue_reference_v<S>,
            "corostream: a stream is single-use; std::move it into the pipeline");
        if constexpr (!std::is_lvalue_reference_v<S>) {
            auto op = Operation(std::forward<O>(operation));
            if constexpr (detail::is_composed<Operation> && !is_elementwise<Operation>) {
                auto first = std::move(op).first();
                // NOLINTNEXTLINE(bugprone-use-after-move): each takes its half
                return (std::forward<S>(source) | std::move(first)) | std::move(op).second();
            } else if constexpr (is_pipeline<Source>) {
                static_assert(!is_aggregate<Operation>,
                    "corostream: an aggregate needs a window before it, as in stream | "
                    "window(4s) | reduce_by_key(f)");
                if constexpr (!is_aggregate<Operation>)
                    return detail::named(std::move(op)(std::forward<S>(source).release()));
            } else {
                static_assert(is_elementwise<Operation> || is_aggregate<Operation>,
                    "corostream: after window(...) only element-wise operators may follow until "
                    "an aggregate closes it, as in "
                    "stream | window(4s) | map(f) | reduce_by_key(g)");
                if constexpr (is_elementwise<Operation>)
                    return std::forward<S>(source).below(std::move(op));
                else if constexpr (is_aggregate<Operation>)
                    return detail::named(std::move(op)(std::forward<S>(source)));
            }
        }
    }
}

/// Joins two closures into one, to be named and used again.
template <is_closure A, is_closure B>
auto operator|(A&& a, B&& b)
{
    return composed<std::remove_cvref_t<A>, std::remove_cvref_t<B>>(
        std::forward<A>(a), std::forward<B>(b));
}

} // namespace corostream
