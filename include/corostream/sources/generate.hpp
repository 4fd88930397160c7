#pragma once

#include <corostream/core/local_source.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

template <class T>
struct generated {
    using type = T;
    static constexpr bool bounded = false;
};
template <class T>
struct generated<std::optional<T>> {
    using type = T;
    static constexpr bool bounded = true;
};

template <class F>
class generate_feed {
    using result = std::remove_cvref_t<std::invoke_result_t<F&>>;

public:
    using value_type = typename generated<result>::type;
    static constexpr auto name = "generate";

    explicit generate_feed(F f)
        : f_(std::move(f))
    {
    }

    time_point due()
    {
        if constexpr (generated<result>::bounded) {
            if (!next_ && !over_) next_ = std::invoke(f_);
            over_ = !next_;
            return over_ ? never : time_point::min();
        } else return time_point::min();
    }

    template <class Push>
    bool give(std::size_t limit, time_point, Push push)
    {
        bool wanted = true;
        for (; wanted && limit > 0 && due() != never; --limit) wanted = push(take());
        return wanted;
    }

private:
    value_type take()
    {
        if constexpr (generated<result>::bounded) {
            auto value = std::move(*next_);
            next_.reset();
            return value;
        } else return std::invoke(f_);
    }

    F f_;
    std::optional<value_type> next_; // only an f that may end is asked ahead
    bool over_ = false;
};

} // namespace detail

/// What `f()` returns, again and again, offsets counting from 0. If `f` returns a `std::optional`,
/// an empty one ends the stream; otherwise it never ends by itself (`take(n)` ends it).
///
/// `f` is called when an element is wanted, `batch_size` at a time. An exception from it ends the
/// stream. Cancellation: between batches; an endless stream lets the executor's other tasks run
/// once a millisecond. Cost: a call an element.
template <class F>
auto generate(F f, std::size_t batch_size = default_batch_size)
{
    static_assert(
        std::invocable<F&>, "corostream: generate(f): f is not callable without arguments");
    if constexpr (std::invocable<F&>)
        return detail::source_of(detail::generate_feed<F>(std::move(f)), batch_size);
}

} // namespace corostream
