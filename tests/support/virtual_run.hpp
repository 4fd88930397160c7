#pragma once

#include <corostream/testing/manual_clock.hpp>
#include <support/at.hpp>
#include <support/task.hpp>
#include <support/text_of.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

/// An io_context on virtual time that runs coroutines.
class virtual_run {
public:
    explicit virtual_run(cs::time_point start = cs::time_point())
        : clock(io, start)
    {
    }

    /// Starts a coroutine; nothing of it runs yet.
    template <class T>
    auto start(asio::awaitable<T> coroutine)
    {
        return start_task(io, std::move(coroutine));
    }

    /// Runs a coroutine to its end, moving time on as far as that takes, but not for ever.
    template <class T>
    auto finish(asio::awaitable<T> coroutine)
    {
        auto t = start(std::move(coroutine));
        clock.settle();
        for (int deadlines = 0; !t->done() && deadlines < 10'000; ++deadlines)
            clock.advance_to_next();
        if (!t->done()) throw std::logic_error("the coroutine waits for ever");
        return result_of(t);
    }

    /// Moves on by one handler, or to the next deadline.
    void step()
    {
        io.restart();
        if (io.poll_one() == 0) clock.advance_to_next();
    }

    asio::io_context io{1};
    cs::testing::manual_clock clock;
};
