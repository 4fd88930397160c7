#pragma once

#include <corostream/operators/detail/aggregate_closure.hpp>
#include <corostream/operators/detail/projection.hpp>

#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace corostream::detail {

struct earlier {
    bool operator()(const row_origin& a, const row_origin& b) const
    {
        return happened_before(a, b);
    }
};
struct later {
    bool operator()(const row_origin& a, const row_origin& b) const
    {
        return happened_before(b, a);
    }
};

/// The aggregate behind `first` and `last`: keeps the element whose origin comes first by
/// `Order(new, kept)`.
template <class Input, class Projection, class Order>
class keeping_by_time : public without_keys {
    using value = kept<Projection, Input>;
    struct seen {
        value of;
        row_origin origin;
    };

public:
    using share = std::optional<seen>;
    using result = std::optional<value>;

    explicit keeping_by_time(Projection projection)
        : projection_(std::move(projection))
    {
    }

    void add(share& into, Input&& v, const row_origin& origin)
    {
        if (!into || Order()(origin, into->origin))
            into = seen{value(std::invoke(projection_, std::forward<Input>(v))), origin};
    }
    static void merge(share& into, share&& from)
    {
        if (from && (!into || Order()(from->origin, into->origin))) into = std::move(from);
    }
    static result finish(share&& s)
    {
        return s ? result(std::move(s->of)) : std::nullopt;
    }
    static value finish_nonempty(share&& s) { return std::move(s->of); }

private:
    [[no_unique_address]] Projection projection_;
};

template <class Projection, class Order>
class by_time_closure : public aggregate_closure<by_time_closure<Projection, Order>> {
public:
    explicit by_time_closure(Projection projection)
        : projection_(std::move(projection))
    {
    }

    template <class Input>
    auto over() &&
    {
        constexpr bool projects = std::invocable<Projection&, Input>;
        static_assert(projects,
            "corostream: first(projection), last(projection): projection is not callable with the "
            "stream's value_type");
        if constexpr (projects) {
            constexpr bool keeps = keeps_what_it_projects<Projection, Input>;
            static_assert(keeps,
                "corostream: first(projection), last(projection): what projection yields cannot be "
                "copied, and others read the element too");
            if constexpr (keeps)
                return keeping_by_time<Input, Projection, Order>(std::move(projection_));
        }
    }

private:
    Projection projection_;
};

} // namespace corostream::detail
