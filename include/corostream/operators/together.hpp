#pragma once

#include <corostream/operators/detail/aggregate_closure.hpp>
#include <corostream/operators/detail/nested.hpp>

#include <tuple>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

/// Several aggregates over the same elements, each of which it reads as `const&`.
template <class Input, class... Inner>
class several : public without_keys {
public:
    using share = std::tuple<typename Inner::share...>;
    using result = std::tuple<typename Inner::result...>;

    explicit several(Inner... inner)
        : inner_(std::move(inner)...)
    {
    }

    void add(share& into, Input&& v, const row_origin& origin)
    {
        each([&](Inner&... inner) {
            std::apply([&](auto&... s) { (inner.add(s, std::as_const(v), origin), ...); }, into);
        });
    }
    void merge(share& into, share&& from)
    {
        each([&](Inner&... inner) {
            std::apply(
                [&](auto&... to) {
                    std::apply([&](auto&... s) { (inner.merge(to, std::move(s)), ...); }, from);
                },
                into);
        });
    }
    result finish(share&& s)
    {
        return each([&](Inner&... inner) {
            return std::apply(
                [&](auto&... of) { return result(inner.finish(std::move(of))...); }, s);
        });
    }
    auto finish_nonempty(share&& s)
    {
        return each([&](Inner&... inner) {
            return std::apply(
                [&](auto&... of) {
                    using made = std::tuple<decltype(detail::finish_nonempty(
                        inner, std::move(of)))...>; // not by deduction: one tuple would be unpacked
                    return made(detail::finish_nonempty(inner, std::move(of))...);
                },
                s);
        });
    }

private:
    template <class F>
    decltype(auto) each(F f)
    {
        return std::apply(f, inner_);
    }

    std::tuple<Inner...> inner_;
};

template <class... Inner>
class together_closure : public aggregate_closure<together_closure<Inner...>> {
public:
    explicit together_closure(Inner... inner)
        : inner_(std::move(inner)...)
    {
    }

    template <class Input>
    auto over() &&
    {
        using read = const std::remove_cvref_t<Input>&;
        constexpr bool fits = (is_aggregate<Inner> && ...);
        static_assert(fits,
            "corostream: together(a, b): each is to be an aggregate such as count() or max(f)");
        if constexpr (fits) {
            constexpr bool without = !(is_keyed<made_over<Inner, read>> || ...);
            static_assert(without,
                "corostream: together(a, b): the aggregates have no keys of their own; put "
                "by_key(key, ...) around together");
            if constexpr (without)
                return std::apply(
                    [](Inner&... inner) {
                        return several<Input, made_over<Inner, read>...>(
                            std::move(inner).template over<read>()...);
                    },
                    inner_);
        }
    }

private:
    std::tuple<Inner...> inner_;
};

} // namespace detail

/// Closes a window with several aggregates in one pass, as in `together(count(), max(f))`. Yields
/// one `window_result` a window, its value a `std::tuple` of their results.
///
/// The aggregates have no keys of their own: for each key it is `by_key(key, together(...))`. Each
/// reads the element as a const reference, so what it keeps is copied. Holds what they hold, and
/// keeps offsets from being committed as they do. Cost: that of them all.
template <class... Aggregates>
auto together(Aggregates... aggregates)
{
    static_assert(sizeof...(Aggregates) > 0, "corostream: together(a, b): of no aggregate");
    return detail::together_closure<Aggregates...>(std::move(aggregates)...);
}

} // namespace corostream
