#pragma once

#include <corostream/core/closure.hpp>
#include <corostream/core/run.hpp>

#include <functional>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

template <class Value, class Result, class Op>
class fold_terminal {
public:
    using result_type = Result;

    fold_terminal(Result init, Op op)
        : value_(std::move(init))
        , op_(std::move(op))
    {
    }

    auto sink()
    {
        if constexpr (std::is_trivially_copyable_v<Result>) return register_sink{{}, this, value_};
        else return in_place_sink{{}, this};
    }
    result_type result() { return std::move(value_); }

private:
    void add(Result& to, Value&& v)
    {
        to = static_cast<Result>(std::invoke(op_, std::move(to), std::move(v)));
    }

    /// Keeps a small value in a register for the length of a batch, so that the loop can be
    /// vectorised.
    struct register_sink : null_sink {
        fold_terminal* terminal;
        Result value;
        void begin(const batch&) { value = terminal->value_; }
        bool push(Value&& v, const element&)
        {
            terminal->add(value, std::move(v));
            return true;
        }
        void end(const batch&) { terminal->value_ = value; }
    };
    struct in_place_sink : null_sink {
        fold_terminal* terminal;
        bool push(Value&& v, const element&)
        {
            terminal->add(terminal->value_, std::move(v));
            return true;
        }
    };

    Result value_;
    Op op_;
};

template <class Result, class Op>
class fold_closure : public closure {
public:
    fold_closure(Result init, Op op)
        : init_(std::move(init))
        , op_(std::move(op))
    {
    }

    template <stream Up>
    auto operator()(Up up) &&
    {
        using value = typename Up::value_type;
        constexpr bool folds = std::is_invocable_r_v<Result, Op&, Result, value>;
        static_assert(
            folds, "corostream: fold(init, f): f does not make a result of a result and a value");
        if constexpr (folds) {
            using terminal = fold_terminal<value, Result, Op>;
            return synchronous_job<Up, terminal>(
                std::move(up), terminal(std::move(init_), std::move(op_)));
        }
    }

private:
    Result init_;
    Op op_;
};

} // namespace detail

/// Ends a pipeline: makes one value of all its elements, from the left, `op(op(init, v1), v2)` and
/// so on. Yields a job for `run`, whose result is that value.
///
/// For streams that end; an empty one yields `init`. The result has the type of `init`. An
/// exception from `op` ends the pipeline. Completes with the stream. Cost: a call, inlined.
template <class Result, class Op>
auto fold(Result init, Op op)
{
    return detail::fold_closure<Result, Op>(std::move(init), std::move(op));
}

} // namespace corostream
