#pragma once

#include <corostream/operators/detail/aggregate_closure.hpp>

#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

/// What `init()` makes, or a value itself.
template <class Init>
auto made_by(Init& init)
{
    if constexpr (std::invocable<Init&>) return std::invoke(init);
    else return init;
}

template <class Input, class Init, class Add, class Merge, class Result>
class own_aggregate : public without_keys {
    using state = decltype(made_by(std::declval<Init&>()));

public:
    using share = std::optional<state>;
    using result = std::remove_cvref_t<std::invoke_result_t<Result&, state>>;

    own_aggregate(Init init, Add add, Merge merge, Result result_of)
        : init_(std::move(init))
        , add_(std::move(add))
        , merge_(std::move(merge))
        , result_(std::move(result_of))
    {
    }

    void add(share& into, Input&& v, const row_origin&)
    {
        if (!into) into.emplace(made_by(init_));
        std::invoke(add_, *into, std::forward<Input>(v));
    }
    void merge(share& into, share&& from)
    {
        if (!from) return;
        if (into) std::invoke(merge_, *into, *std::move(from));
        else into = std::move(from);
    }
    result finish(share&& s)
    {
        return std::invoke(result_, s ? *std::move(s) : made_by(init_));
    }

private:
    [[no_unique_address]] Init init_;
    [[no_unique_address]] Add add_;
    [[no_unique_address]] Merge merge_;
    [[no_unique_address]] Result result_;
};

struct no_merge {};

template <class Init, class Add, class Merge, class Result>
class own_closure : public aggregate_closure<own_closure<Init, Add, Merge, Result>> {
public:
    own_closure(Init init, Add add, Merge merge, Result result)
        : init_(std::move(init))
        , add_(std::move(add))
        , merge_(std::move(merge))
        , result_(std::move(result))
    {
    }

    template <class Input>
    auto over() &&
    {
        using state = decltype(made_by(std::declval<Init&>()));
        constexpr bool adds = changes_in_place<Add, state, Input>();
        static_assert(adds,
            "corostream: aggregate(init, add, merge, result): add is not callable with (state&, "
            "value), or returns a state instead of changing the one it is given");
        constexpr bool merges = changes_in_place<Merge, state, state>();
        static_assert(merges,
            "corostream: aggregate(init, add, merge, result): a window merges what partitions, "
            "panes and sessions hold apart, so it needs a merge that is callable with (state&, "
            "state&&) and changes the first");
        constexpr bool results = std::invocable<Result&, state>;
        static_assert(results,
            "corostream: aggregate(init, add, merge, result): result is not callable with a state");
        if constexpr (adds && merges && results)
            return own_aggregate<Input, Init, Add, Merge, Result>(
                std::move(init_), std::move(add_), std::move(merge_), std::move(result_));
    }

private:
    template <class F, class State, class Other>
    static constexpr bool changes_in_place()
    {
        if constexpr (std::invocable<F&, State&, Other>)
            return !std::same_as<std::invoke_result_t<F&, State&, Other>, State>;
        else return false;
    }

    Init init_;
    Add add_;
    Merge merge_;
    Result result_;
};

} // namespace detail

/// Closes a window with an aggregate of your own. Yields one `window_result` a window, its value
/// what `result(state)` makes.
///
/// - `init` is the state of no element, copied; or a function that makes one.
/// - `add(state&, value)` takes an element in.
/// - `merge(state&, state&&)` takes in what another partition, pane or session holds of the same
///   window. They come in any order, so it must be associative and commutative.
/// - `result(state)` makes the value; without it, it is the state.
///
/// Holds one state a partition and open window, and keeps their offsets from being committed until
/// then. An exception from any of them ends the pipeline. Cost: a call an element, inlined.
template <class Init, class Add, class Merge = detail::no_merge, class Result = std::identity>
auto aggregate(Init init, Add add, Merge merge = {}, Result result = {})
{
    return detail::own_closure<Init, Add, Merge, Result>(
        std::move(init), std::move(add), std::move(merge), std::move(result));
}

} // namespace corostream
