#pragma once

#include <corostream/core/closure.hpp>

#include <functional>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

template <class Up, class Predicate>
class filter_stage : public stage_over<Up> {
public:
    using value_type = typename Up::value_type;

    filter_stage(Up up, Predicate keep)
        : stage_over<Up>(std::move(up))
        , keep_(std::move(keep))
    {
    }

    template <class Sink>
    asio::awaitable<pumped> pump(Sink next, time_point until)
    {
        return this->up_.pump(sink<Sink>{{next}, &keep_}, until);
    }

private:
    template <class Next>
    struct sink : forwarding_sink<Next> {
        Predicate* keep;
        bool push(value_type&& v, const element& e)
        {
            if (!std::invoke(*keep, std::as_const(v))) return true;
            return this->next.push(std::move(v), e);
        }
    };

    Predicate keep_;
};

template <class Predicate>
class filter_closure : public elementwise {
public:
    explicit filter_closure(Predicate keep)
        : keep_(std::move(keep))
    {
    }

    template <stream Up>
    auto operator()(Up up) &&
    {
        static_assert(std::predicate<Predicate&, const typename Up::value_type&>,
            "corostream: filter(p): p is not a predicate over the stream's value_type");
        if constexpr (std::predicate<Predicate&, const typename Up::value_type&>)
            return filter_stage<Up, Predicate>(std::move(up), std::move(keep_));
    }

private:
    Predicate keep_;
};

} // namespace detail

/// Keeps the elements for which `keep(v)` is true. A dropped element counts as processed: it is
/// acknowledged with the rest.
///
/// `keep` is called once an element, in order, with a const reference; a member pointer will do. An
/// exception from it ends the pipeline. Completes and is cancelled with the stream before it. Cost:
/// a call, inlined; may stand inside a window.
template <class Predicate>
auto filter(Predicate keep)
{
    return detail::filter_closure<Predicate>(std::move(keep));
}

} // namespace corostream
