#pragma once

#include <corostream/operators/detail/aggregate_closure.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace corostream {

/// How the numbers of a window spread. Distinct objects: safe. Shared objects: unsafe.
struct spread {
    std::int64_t count; ///< how many, at least 1
    double mean;
    double variance; ///< of the population: the mean square of the distance from the mean

    friend bool operator==(const spread&, const spread&) = default;
};

namespace detail {

/// Count, mean and squared distances, updated a number at a time (B. P. Welford, Note on a Method
/// for Calculating Corrected Sums of Squares and Products, Technometrics 4, 1962) and merged in
/// pairs (T. F. Chan, G. H. Golub, R. J. LeVeque, Updating Formulae and a Pairwise Algorithm for
/// Computing Sample Variances, 1979). Neither subtracts two large sums.
struct running_spread {
    std::int64_t count = 0;
    double mean = 0;
    double squares = 0; // of the distances from the mean, summed up

    void add(double x)
    {
        const double off = x - mean;
        mean += off / static_cast<double>(++count);
        squares += off * (x - mean);
    }
    void add(const running_spread& other)
    {
        if (other.count == 0) return;
        const double off = other.mean - mean;
        const auto mine = static_cast<double>(count), theirs = static_cast<double>(other.count);
        const double part = theirs / (mine + theirs);
        squares += other.squares + off * off * part * mine;
        mean += off * part;
        count += other.count;
    }
};

template <class Input, class Projection>
class spreading : public without_keys {
public:
    using share = running_spread;
    using result = std::optional<spread>;

    explicit spreading(Projection projection)
        : projection_(std::move(projection))
    {
    }

    void add(share& into, Input&& v, const row_origin&)
    {
        into.add(static_cast<double>(std::invoke(projection_, std::forward<Input>(v))));
    }
    static void merge(share& into, share&& from) { into.add(from); }
    static result finish(share&& s)
    {
        return s.count == 0 ? std::nullopt : result(finish_nonempty(s));
    }
    static spread finish_nonempty(const share& s)
    {
        return {s.count, s.mean, s.squares / static_cast<double>(s.count)};
    }

private:
    [[no_unique_address]] Projection projection_;
};

template <class Projection>
class variance_closure : public aggregate_closure<variance_closure<Projection>> {
public:
    explicit variance_closure(Projection projection)
        : projection_(std::move(projection))
    {
    }

    template <class Input>
    auto over() &&
    {
        constexpr bool measures = std::is_invocable_r_v<double, Projection&, Input>;
        static_assert(measures,
            "corostream: variance(projection): projection does not make a number of the stream's "
            "value_type");
        if constexpr (measures) return spreading<Input, Projection>(std::move(projection_));
    }

private:
    Projection projection_;
};

} // namespace detail

/// Closes a window: count, mean and variance of `projection(v)` over its elements. Yields one
/// `window_result` of a `std::optional<spread>` a window, empty if the window is.
///
/// The variance is that of the population, since the window has all of its elements; of a sample it
/// is `variance * count / (count - 1)`. `projection` is called once an element and makes a number.
/// By Welford's update and the merge of Chan, Golub and LeVeque, so it is exact to rounding even
/// where the mean is large. Holds three numbers a partition and open window, and keeps their
/// offsets from being committed until then. An exception from `projection` ends the pipeline. Cost:
/// a division an element.
template <class Projection = std::identity>
auto variance(Projection projection = {})
{
    return detail::variance_closure<Projection>(std::move(projection));
}

} // namespace corostream
