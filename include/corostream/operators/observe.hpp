#pragma once

#include <corostream/core/closure.hpp>
#include <corostream/core/hooks.hpp>

#include <exception>
#include <utility>

namespace corostream {

namespace detail {

template <class Up, class Hooks>
class observe_stage : public stage_over<Up> {
public:
    using value_type = typename Up::value_type;

    observe_stage(Up up, Hooks hooks)
        : stage_over<Up>(std::move(up))
        , hooks_(std::move(hooks))
    {
    }

    template <class Sink>
    asio::awaitable<pumped> pump(Sink next, time_point until)
    {
        try {
            const auto got = co_await this->up_.pump(sink<Sink>{{next}, &hooks_}, until);
            if constexpr (requires { hooks_.on_pumped(got); }) hooks_.on_pumped(got);
            co_return got;
        } catch (...) {
            if constexpr (requires { hooks_.on_error(std::current_exception()); })
                hooks_.on_error(std::current_exception());
            throw;
        }
    }

private:
    template <class Next>
    struct sink : forwarding_sink<Next> {
        Hooks* hooks;
        void begin(const batch& b)
        {
            if constexpr (requires { hooks->on_begin(b); }) hooks->on_begin(b);
            this->next.begin(b);
        }
        bool push(value_type&& v, const element& e)
        {
            if constexpr (requires { hooks->on_element(std::as_const(v), e); })
                hooks->on_element(std::as_const(v), e);
            return this->next.push(std::move(v), e);
        }
        void end(const batch& b)
        {
            this->next.end(b);
            if constexpr (requires { hooks->on_end(b); }) hooks->on_end(b);
        }
        void revoke(partition_id p)
        {
            if constexpr (requires { hooks->on_revoke(p); }) hooks->on_revoke(p);
            this->next.revoke(p);
        }
    };

    Hooks hooks_;
};

template <class Hooks>
class observe_closure : public closure {
public:
    explicit observe_closure(Hooks hooks)
        : hooks_(std::move(hooks))
    {
    }

    template <stream Up>
    auto operator()(Up up) &&
    {
        static_assert(hooks_over<Hooks, typename Up::value_type>,
            "corostream: observe(hooks): hooks has none of the hooks; see core/hooks.hpp for "
            "their names");
        return observe_stage<Up, Hooks>(std::move(up), std::move(hooks_));
    }

private:
    Hooks hooks_;
};

} // namespace detail

/// Calls `hooks` for what passes this place in the pipeline: see `hooks_over`. Elements pass on as
/// they are.
///
/// Put it where you want to look: after the source, before the terminal. An exception from a hook
/// ends the pipeline. Cost: what the hooks cost, and a coroutine a batch; a pipeline without it
/// pays nothing.
template <class Hooks>
auto observe(Hooks hooks)
{
    return detail::observe_closure<Hooks>(std::move(hooks));
}

} // namespace corostream
