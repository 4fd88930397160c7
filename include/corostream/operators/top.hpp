#pragma once

#include <corostream/operators/detail/aggregate_closure.hpp>
#include <corostream/operators/detail/projection.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

namespace corostream {

namespace detail {

template <class Input, class Projection>
class ranking : public without_keys {
    using value = owned_key<std::remove_cvref_t<Input>>;
    struct ranked {
        value of;
        row_origin origin;
    };

public:
    using share = std::vector<ranked>; // a heap, the lowest rank at its front
    using result = std::vector<value>;

    ranking(std::size_t most, Projection projection)
        : most_(most)
        , projection_(std::move(projection))
    {
    }

    void add(share& into, Input&& v, const row_origin& origin)
    {
        if (has_place_for(into, v, origin)) put(into, {value(std::forward<Input>(v)), origin});
    }
    void merge(share& into, share&& from)
    {
        for (auto& r : from)
            if (has_place_for(into, r.of, r.origin)) put(into, std::move(r));
    }
    result finish(share&& s)
    {
        std::sort_heap(s.begin(), s.end(), by_rank());
        result best;
        best.reserve(s.size());
        for (auto& r : s) best.push_back(std::move(r.of));
        return best;
    }

private:
    template <class A, class B>
    bool ranks_before(const A& a, const row_origin& of_a, const B& b, const row_origin& of_b)
    {
        auto&& x = std::invoke(projection_, a);
        auto&& y = std::invoke(projection_, b);
        if (number_order()(y, x)) return true;
        return !number_order()(x, y) && seen_before(of_a, of_b);
    }
    auto by_rank()
    {
        return [this](const ranked& a, const ranked& b) {
            return ranks_before(a.of, a.origin, b.of, b.origin);
        };
    }

    template <class V>
    bool has_place_for(const share& s, const V& v, const row_origin& origin)
    {
        if (s.size() < most_) return true;
        return !s.empty() && ranks_before(v, origin, s.front().of, s.front().origin);
    }
    void put(share& s, ranked&& r)
    {
        if (s.size() == most_) {
            std::pop_heap(s.begin(), s.end(), by_rank());
            s.back() = std::move(r);
        } else s.push_back(std::move(r));
        std::push_heap(s.begin(), s.end(), by_rank());
    }

    std::size_t most_;
    [[no_unique_address]] Projection projection_;
};

template <class Projection>
class top_closure : public aggregate_closure<top_closure<Projection>> {
public:
    top_closure(std::size_t most, Projection projection)
        : most_(most)
        , projection_(std::move(projection))
    {
    }

    template <class Input>
    auto over() &&
    {
        using value = owned_key<std::remove_cvref_t<Input>>;
        constexpr bool projects = std::invocable<Projection&, const value&>
                               && std::invocable<Projection&, const std::remove_cvref_t<Input>&>;
        static_assert(projects,
            "corostream: top(n, projection): projection is not callable with the stream's "
            "value_type");
        if constexpr (projects) {
            constexpr bool compares
                = ordered<std::remove_cvref_t<projected<Projection, const value&>>>;
            static_assert(
                compares, "corostream: top(n, projection): what projection yields has no <");
            constexpr bool keeps = std::constructible_from<value, Input>;
            static_assert(keeps,
                "corostream: top(n, projection): the element cannot be copied, and others read it "
                "too");
            if constexpr (compares && keeps)
                return ranking<Input, Projection>(most_, std::move(projection_));
        }
    }

private:
    std::size_t most_;
    Projection projection_;
};

} // namespace detail

/// Closes a window: its `n` elements whose `projection(v)` is largest by `<`, largest first; equal
/// ones in the order in which they were seen, by partition and offset. Yields one `window_result` a
/// window, a vector of at most `n` elements.
///
/// `projection` is called with const references, twice or more an element, so it is to be cheap;
/// what is no number (NaN) counts as larger than all numbers. An element that is a view of
/// characters is owned as a `std::string` when it is kept. Holds `n` elements a partition and open
/// window, and keeps their offsets from being committed until then. An exception from `projection`
/// ends the pipeline. Cost: a comparison an element, and a logarithm of `n` of them for one that is
/// kept.
template <class Projection = std::identity>
auto top(std::size_t n, Projection projection = {})
{
    return detail::top_closure<Projection>(n, std::move(projection));
}

} // namespace corostream
