#pragma once

#include <corostream/operators/detail/aggregate_closure.hpp>
#include <corostream/operators/detail/projection.hpp>
#include <corostream/operators/keyed_table.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

namespace corostream {

namespace detail {

template <class Input, class Projection>
class telling_apart {
    using value = kept<Projection, Input>;
    struct nothing {};

public:
    using share = keyed_table<value, nothing>;
    using result = std::vector<value>;

    explicit telling_apart(Projection projection)
        : projection_(std::move(projection))
    {
    }

    void add(share& into, Input&& v, const row_origin& origin)
    {
        into.slot(std::invoke(projection_, std::forward<Input>(v)), origin);
    }
    static void merge(share& into, share&& from)
    {
        auto either = [](nothing, nothing) { return nothing(); };
        into.merge(std::move(from), either);
    }
    static result finish(share&& s)
    {
        s.sort_rows();
        result values;
        values.reserve(s.size());
        for (auto& row : std::move(s).rows()) values.push_back(std::move(row.first));
        return values;
    }
    static std::size_t size(const share& s) { return s.size(); }
    static void reserve(share& s, std::size_t values) { s.reserve(values); }

private:
    [[no_unique_address]] Projection projection_;
};

template <class Projection>
class distinct_closure : public aggregate_closure<distinct_closure<Projection>> {
public:
    explicit distinct_closure(Projection projection)
        : projection_(std::move(projection))
    {
    }

    template <class Input>
    auto over() &&
    {
        constexpr bool projects = std::invocable<Projection&, Input>;
        static_assert(projects,
            "corostream: distinct(projection): projection is not callable with the stream's "
            "value_type");
        if constexpr (projects) {
            constexpr bool keeps = keeps_what_it_projects<Projection, Input>;
            static_assert(keeps,
                "corostream: distinct(projection): what projection yields cannot be copied, and "
                "others read the element too");
            if constexpr (keeps) return telling_apart<Input, Projection>(std::move(projection_));
        }
    }

private:
    Projection projection_;
};

} // namespace detail

/// Closes a window: the different values of `projection(v)`, by `==`, in the order in which they
/// were first seen, by partition and offset. Yields one `window_result` a window, a vector of them.
///
/// `projection` is called once an element, and may move from it; a view of characters is looked up
/// without a copy, and owned as a `std::string` only when first seen. Holds each value once a
/// partition and open window, and keeps their offsets from being committed until then. An exception
/// from `projection` ends the pipeline. Cost: one hash look-up an element.
template <class Projection = std::identity>
auto distinct(Projection projection = {})
{
    return detail::distinct_closure<Projection>(std::move(projection));
}

} // namespace corostream
