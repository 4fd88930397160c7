#pragma once

#include <corostream/core/clock.hpp>
#include <corostream/core/wakeup.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

namespace corostream::kafka::detail {

/// Knows whether an execution context still lives, so that a thread that outlasts it lets it be.
class context_liveness final : public asio::execution_context::service {
public:
    using key_type = context_liveness;
    static inline asio::execution_context::id id;

    struct state {
        std::mutex mutex;
        bool alive = true;
    };

    explicit context_liveness(asio::execution_context& context)
        : service(context)
    {
    }

    static std::shared_ptr<state> of(const asio::any_io_executor& executor)
    {
        return asio::use_service<context_liveness>(asio::query(executor, asio::execution::context))
            .state_;
    }

private:
    void shutdown() override
    {
        const std::lock_guard lock(state_->mutex);
        state_->alive = false;
    }

    std::shared_ptr<state> state_ = std::make_shared<state>();
};

/// Runs `f` on a thread of its own: for the calls of librdkafka that block on the network and have
/// no other form. They are rare, so a thread each is simpler than a pool, and no slow one holds up
/// another.
///
/// Yields what `f` returns, or nothing once `until` has passed, or `*over` is true when `done` is
/// notified; `f` then goes on, and its result is dropped. `f` must not throw. Ends with
/// `operation_aborted` when cancelled; `f` goes on then too.
template <class F>
asio::awaitable<std::optional<std::invoke_result_t<F&>>> on_helper_thread(
    F f, time_point until, wakeup* done, const bool* over = nullptr)
{
    struct call {
        std::optional<std::invoke_result_t<F&>> result;
        wakeup* waiter; // looked at on the executor only
    };
    struct leave {
        call* c;
        ~leave() { c->waiter = nullptr; }
    };

    auto executor = co_await asio::this_coro::executor;
    auto shared = std::make_shared<call>();
    shared->waiter = done;
    const leave guard{shared.get()};
    {
        auto body = [shared, executor, alive = context_liveness::of(executor),
                        f = std::move(f)]() mutable {
            std::optional<F> once(std::move(f));
            auto result = (*once)();
            once.reset(); // lets go of what f holds here, on the thread that may block
            const std::lock_guard lock(alive->mutex);
            if (!alive->alive) return;
            asio::post(
                executor, [shared = std::move(shared), result = std::move(result)]() mutable {
                    shared->result.emplace(std::move(result));
                    if (shared->waiter) shared->waiter->notify();
                });
        };
        std::thread(std::move(body)).detach();
    }
    while (!shared->result && !(over && *over) && done->clock().now() < until)
        co_await done->wait(until);
    co_return std::move(shared->result);
}

} // namespace corostream::kafka::detail
