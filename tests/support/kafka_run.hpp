#pragma once

#include <corostream/core/clock.hpp>
#include <support/task.hpp>
#include <support/text_of.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

/// An io_context on real time that runs coroutines and waits for conditions, never for long.
class kafka_run {
public:
    /// Starts a coroutine; nothing of it runs yet.
    template <class T>
    auto start(asio::awaitable<T> coroutine)
    {
        return start_task(io, std::move(coroutine));
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
        return result_of(t);
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
