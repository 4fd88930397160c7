#pragma once

#include <corostream/core/closure.hpp>

#include <cstdint>
#include <utility>

namespace corostream {

namespace detail {

template <class Up>
class take_stage : public stage_over<Up> {
public:
    using value_type = typename Up::value_type;

    take_stage(Up up, std::uint64_t count)
        : stage_over<Up>(std::move(up))
        , left_(count)
    {
    }

    template <class Sink>
    asio::awaitable<pumped> pump(Sink next, time_point until)
    {
        if (left_ == 0) co_return pumped::end;
        const auto got = co_await this->up_.pump(sink<Sink>{{next}, &left_}, until);
        co_return left_ == 0 ? pumped::end : got;
    }

private:
    template <class Next>
    struct sink : forwarding_sink<Next> {
        std::uint64_t* left;
        bool push(value_type&& v, const element& e)
        {
            if (*left == 0) return false;
            --*left;
            return this->next.push(std::move(v), e) && *left > 0;
        }
    };

    std::uint64_t left_;
};

class take_closure : public closure {
public:
    explicit take_closure(std::uint64_t count)
        : count_(count)
    {
    }

    template <stream Up>
    auto operator()(Up up) &&
    {
        return take_stage<Up>(std::move(up), count_);
    }

private:
    std::uint64_t count_;
};

} // namespace detail

/// Passes the first `count` elements on and then ends the stream. The source reads nothing beyond
/// the last one, so what comes after it is neither consumed nor acknowledged; an open window
/// upstream stays unflushed.
///
/// Completes after `count` elements, or with the stream before it; with 0, at once. Cost: a counter
/// an element and a coroutine a batch.
inline auto take(std::uint64_t count)
{
    return detail::take_closure(count);
}

} // namespace corostream
