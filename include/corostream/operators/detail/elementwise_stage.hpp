#pragma once

#include <corostream/core/closure.hpp>

#include <utility>

namespace corostream::detail {

/// A stage that calls `f` for each element and pushes what comes of it. `Step` is the operator:
/// - `value_type<F, Input>`: what it yields;
/// - `push(f, v, element, next)`: handles one element, and returns whether more is wanted;
/// - `check<F, Input>()`: whether `f` fits; if not, says so at compile time.
template <class Step, class Up, class F>
class elementwise_stage : public stage_over<Up> {
    using input = typename Up::value_type;

public:
    using value_type = typename Step::template value_type<F, input>;

    elementwise_stage(Up up, F f)
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
            return Step::push(*f, std::move(v), e, this->next);
        }
    };

    F f_;
};

/// Makes such a stage of any stream whose elements `f` fits.
template <class Step, class F>
class elementwise_closure : public elementwise {
public:
    explicit elementwise_closure(F f)
        : f_(std::move(f))
    {
    }

    template <stream Up>
    auto operator()(Up up) &&
    {
        if constexpr (Step::template check<F, typename Up::value_type>())
            return elementwise_stage<Step, Up, F>(std::move(up), std::move(f_));
    }

private:
    F f_;
};

} // namespace corostream::detail
