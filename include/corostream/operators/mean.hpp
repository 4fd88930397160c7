#pragma once

#include <corostream/operators/detail/aggregate_closure.hpp>

#include <cmath>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

/// A sum whose rounding errors are summed up apart (A. Neumaier, Rundungsfehleranalyse einiger
/// Verfahren zur Summation endlicher Summen, ZAMM 54, 1974), so that the order hardly matters.
class exact_sum {
public:
    void add(double x)
    {
        const double sum = sum_ + x;
        lost_ += std::abs(sum_) >= std::abs(x) ? (sum_ - sum) + x : (x - sum) + sum_;
        sum_ = sum;
    }
    void add(const exact_sum& other)
    {
        add(other.sum_);
        lost_ += other.lost_;
    }
    double value() const { return std::isfinite(sum_) ? sum_ + lost_ : sum_; }

private:
    double sum_ = 0, lost_ = 0;
};

template <class Input, class Projection>
class averaging : public without_keys {
public:
    struct share {
        exact_sum sum;
        std::int64_t count = 0;
    };
    using result = std::optional<double>;

    explicit averaging(Projection projection)
        : projection_(std::move(projection))
    {
    }

    void add(share& into, Input&& v, const row_origin&)
    {
        into.sum.add(static_cast<double>(std::invoke(projection_, std::forward<Input>(v))));
        ++into.count;
    }
    static void merge(share& into, share&& from)
    {
        into.sum.add(from.sum);
        into.count += from.count;
    }
    static result finish(share&& s)
    {
        return s.count == 0 ? std::nullopt : result(finish_nonempty(std::move(s)));
    }
    static double finish_nonempty(share&& s)
    {
        return s.sum.value() / static_cast<double>(s.count);
    }

private:
    [[no_unique_address]] Projection projection_;
};

template <class Projection>
class mean_closure : public aggregate_closure<mean_closure<Projection>> {
public:
    explicit mean_closure(Projection projection)
        : projection_(std::move(projection))
    {
    }

    template <class Input>
    auto over() &&
    {
        constexpr bool measures = std::is_invocable_r_v<double, Projection&, Input>;
        static_assert(measures,
            "corostream: mean(projection): projection does not make a number of the stream's "
            "value_type");
        if constexpr (measures) return averaging<Input, Projection>(std::move(projection_));
    }

private:
    Projection projection_;
};

} // namespace detail

/// Closes a window: the mean of `projection(v)` over its elements, as a `double`. Yields one
/// `window_result` of a `std::optional<double>` a window, empty if the window is.
///
/// `projection` is called once an element and makes a number. The sum is compensated for what
/// rounding loses, so that the order in which elements come hardly matters. Holds three numbers a
/// partition and open window, and keeps their offsets from being committed until then. An exception
/// from `projection` ends the pipeline. Cost: a few additions an element.
template <class Projection = std::identity>
auto mean(Projection projection = {})
{
    return detail::mean_closure<Projection>(std::move(projection));
}

} // namespace corostream
