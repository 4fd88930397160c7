#pragma once

#include <corostream/core/closure.hpp>
#include <corostream/core/owning_range.hpp>

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

template <class Up, class F>
class flat_map_stage : public stage_over<Up> {
    using input = typename Up::value_type;
    using result = std::invoke_result_t<F&, input>;

public:
    using value_type = typename flattened<std::remove_cvref_t<result>>::type;

    flat_map_stage(Up up, F f)
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
            auto&& results = std::invoke(*f, std::move(v));
            if constexpr (is_optional<std::remove_cvref_t<result>>) {
                return !results || this->next.push(value_type(*std::forward<result>(results)), e);
            } else {
                for (auto&& r : results) {
                    constexpr bool ours = !std::is_reference_v<result> && owning_range<result>;
                    if constexpr (ours) {
                        if (!this->next.push(value_type(std::move(r)), e)) return false;
                    } else {
                        if (!this->next.push(value_type(std::forward<decltype(r)>(r)), e))
                            return false;
                    }
                }
                return true;
            }
        }
    };

    F f_;
};

template <class F>
class flat_map_closure : public elementwise {
public:
    explicit flat_map_closure(F f)
        : f_(std::move(f))
    {
    }

    template <stream Up>
    auto operator()(Up up) &&
    {
        using input = typename Up::value_type;
        static_assert(std::invocable<F&, input>,
            "corostream: flat_map(f): f is not callable with the stream's value_type");
        if constexpr (std::invocable<F&, input>) {
            using result = std::invoke_result_t<F&, input>;
            static_assert(flattens<result>,
                "corostream: flat_map(f): f returns neither a range nor a std::optional");
            if constexpr (flattens<result>)
                return flat_map_stage<Up, F>(std::move(up), std::move(f_));
        }
    }

private:
    F f_;
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
    return detail::flat_map_closure<F>(std::move(f));
}

} // namespace corostream
