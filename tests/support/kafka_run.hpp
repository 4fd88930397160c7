#pragma once

#include <corostream/core/clock.hpp>
#include <support/text_of.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace cs = corostream;
namespace asio = boost::asio;
using namespace std::chrono_literals;

/// An io_context on real time that runs coroutines and waits for conditions, never for long.
class kafka_run {
public:
    template <class T>
    struct task {
        std::optional<T> result;
        std::exception_ptr error;
        asio::cancellation_signal cancel;
        bool done() const { return result || error; }
    };
    template <class T>
    using task_handle = std::shared_ptr<task<T>>;

    /// Starts a coroutine; nothing of it runs yet.
    template <class T>
    task_handle<T> start(asio::awaitable<T> coroutine)
    {
        auto t = std::make_shared<task<T>>();
        auto ended = [t](std::exception_ptr error, T result) {
            if (error) t->error = error;
            else t->result.emplace(std::move(result));
        };
        auto token = asio::bind_cancellation_slot(t->cancel.slot(), std::move(ended));
        asio::co_spawn(io, std::move(coroutine), std::move(token));
        return t;
    }
    task_handle<bool> start(asio::awaitable<void> coroutine)
    {
        auto t = std::make_shared<task<bool>>();
        auto ended = [t](std::exception_ptr error) {
            if (error) t->error = error;
            else t->result = true;
        };
        auto token = asio::bind_cancellation_slot(t->cancel.slot(), std::move(ended));
        asio::co_spawn(io, std::move(coroutine), std::move(token));
        return t;
    }

    /// Runs the loop until `reached()`; false if that takes longer than `limit`.
    template <class Condition>
    bool wait(Condition reached, std::chrono::milliseconds limit = 30s)
    {
        const auto deadline = std::chrono::steady_clock::now() + limit;
        while (!reached()) {
            if (std::chrono::steady_clock::now() >= deadline) return false;
            if (io.stopped()) io.restart();
            // what is waited for may not happen on this loop: look again now and then
            const auto look = std::chrono::steady_clock::now() + 20ms;
            io.run_one_until(std::min(look, deadline));
        }
        return true;
    }

    /// Runs the loop until `t` is done; throws its error.
    template <class T>
    T finish(const task_handle<T>& t, std::chrono::milliseconds limit = 30s)
    {
        if (!wait([&] { return t->done(); }, limit))
            throw std::runtime_error("the coroutine takes too long");
        if (t->error) std::rethrow_exception(t->error);
        return std::move(*t->result);
    }
    template <class T>
    auto finish(asio::awaitable<T> coroutine, std::chrono::milliseconds limit = 30s)
    {
        return finish(start(std::move(coroutine)), limit);
    }

    /// Runs the loop until `t` is done; the error it ended with, null if none.
    template <class T>
    std::exception_ptr failure(const task_handle<T>& t, std::chrono::milliseconds limit = 30s)
    {
        if (!wait([&] { return t->done(); }, limit))
            throw std::runtime_error("the coroutine takes too long");
        return t->error;
    }

    /// Runs the loop for as long as `during`.
    void pass(std::chrono::milliseconds during)
    {
        wait([] { return false; }, during);
    }

    cs::time_point now() { return cs::clock::of(io.get_executor()).now(); }

    asio::io_context io{1};
};

inline bool is_aborted(const std::exception_ptr& error)
{
    if (!error) return false;
    try {
        std::rethrow_exception(error);
    } catch (const boost::system::system_error& e) {
        return e.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}
