#pragma once

#include <corostream/operators/detail/aggregate_closure.hpp>
#include <corostream/operators/detail/projection.hpp>

#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace corostream::detail {

/// The aggregate behind `min` and `max`: keeps what comes first by `Order(new, kept)`.
template <class Input, class Projection, class Order>
class keeping_extreme : public without_keys {
    using value = kept<Projection, Input>;

public:
    using share = std::optional<value>;
    using result = share;

    explicit keeping_extreme(Projection projection)
        : projection_(std::move(projection))
    {
    }

    void add(share& into, Input&& v, const row_origin&)
    {
        offer(into, std::invoke(projection_, std::forward<Input>(v)));
    }
    static void merge(share& into, share&& from)
    {
        if (from) offer(into, *std::move(from));
    }
    static result finish(share&& s) { return std::move(s); }
    static value finish_nonempty(share&& s) { return *std::move(s); }

private:
    template <class Offered>
    static void offer(share& into, Offered&& v)
    {
        if (!into) into.emplace(std::forward<Offered>(v));
        else if (Order()(v, *into)) *into = value(std::forward<Offered>(v));
    }

    [[no_unique_address]] Projection projection_;
};

template <class Projection, class Order>
class extreme_closure : public aggregate_closure<extreme_closure<Projection, Order>> {
public:
    explicit extreme_closure(Projection projection)
        : projection_(std::move(projection))
    {
    }

    template <class Input>
    auto over() &&
    {
        constexpr bool projects = std::invocable<Projection&, Input>;
        static_assert(projects,
            "corostream: min(projection), max(projection): projection is not callable with the "
            "stream's value_type");
        if constexpr (projects) {
            using value = kept<Projection, Input>;
            constexpr bool compares
                = ordered<value, std::remove_cvref_t<projected<Projection, Input>>>;
            static_assert(compares,
                "corostream: min(projection), max(projection): what projection yields has no <");
            constexpr bool keeps = keeps_what_it_projects<Projection, Input>;
            static_assert(keeps,
                "corostream: min(projection), max(projection): what projection yields cannot be "
                "copied, and others read the element too");
            if constexpr (compares && keeps)
                return keeping_extreme<Input, Projection, Order>(std::move(projection_));
        }
    }

private:
    Projection projection_;
};

} // namespace corostream::detail
