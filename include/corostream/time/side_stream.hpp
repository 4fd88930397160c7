#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/core/detail/is_awaitable.hpp>

#include <boost/asio/awaitable.hpp>

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

namespace corostream::detail {

namespace asio = boost::asio;

/// Where elements that are not counted go if nobody asked for them.
struct dropped {
    template <class Value>
    void operator()(const Value&) const
    {
    }
};

/// Whether `f(value)` or `f(value, element)` can be called.
template <class F, class Value>
concept side_stream_for
    = std::invocable<F&, Value> || std::invocable<F&, Value, const element&>;

/// Where elements go that are not counted: a function, or a coroutine, which is awaited when the
/// pump that brought them is through.
template <class F, class Value>
class side_stream {
    static decltype(auto) call(F& to, Value&& v, const element& e)
    {
        if constexpr (std::invocable<F&, Value, const element&>)
            return std::invoke(to, std::move(v), e);
        else return std::invoke(to, std::move(v));
    }

public:
    static constexpr bool waits = is_awaitable<std::remove_cvref_t<decltype(call(
        std::declval<F&>(), std::declval<Value>(), std::declval<const element&>()))>>;

    explicit side_stream(F to)
        : to_(std::move(to))
    {
    }

    void divert(Value&& v, const element& e)
    {
        if constexpr (waits) kept_.push_back({std::move(v), e});
        else call(to_, std::move(v), e);
    }

    /// Completes when it has taken, one after another, what was diverted.
    asio::awaitable<void> deliver()
        requires waits
    {
        for (auto& k : kept_) {
            auto taking = call(to_, std::move(k.value), k.at);
            co_await std::move(taking);
        }
        kept_.clear();
    }

private:
    struct nothing {};
    struct kept {
        Value value;
        element at;
    };
    [[no_unique_address]] F to_;
    [[no_unique_address]] std::conditional_t<waits, std::vector<kept>, nothing> kept_;
};

} // namespace corostream::detail
