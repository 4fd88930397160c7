#pragma once

#include <corostream/testing/manual_clock.hpp>
#include <support/text_of.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace cs = corostream;
namespace asio = boost::asio;
using namespace std::chrono_literals;

/// Moments are written as durations after the epoch.
inline cs::time_point at(cs::duration since_epoch) { return cs::time_point(since_epoch); }

/// An io_context on virtual time that runs coroutines.
class virtual_run {
public:
    template <class T>
    struct task {
        std::optional<T> result;
        std::exception_ptr error;
        asio::cancellation_signal cancel;
        bool done() const { return result || error; }
    };

    explicit virtual_run(cs::time_point start = cs::time_point())
        : clock(io, start)
    {
    }

    /// Starts a coroutine; nothing of it runs yet.
    template <class T>
    std::shared_ptr<task<T>> start(asio::awaitable<T> coroutine)
    {
        auto t = std::make_shared<task<T>>();
        asio::co_spawn(io, std::move(coroutine),
            asio::bind_cancellation_slot(t->cancel.slot(), [t](std::exception_ptr error, T result) {
                if (error) t->error = error;
                else t->result.emplace(std::move(result));
            }));
        return t;
    }
    std::shared_ptr<task<bool>> start(asio::awaitable<void> coroutine)
    {
        auto t = std::make_shared<task<bool>>();
        asio::co_spawn(io, std::move(coroutine),
            asio::bind_cancellation_slot(t->cancel.slot(), [t](std::exception_ptr error) {
                if (error) t->error = error;
                else t->result = true;
            }));
        return t;
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
        if (t->error) std::rethrow_exception(t->error);
        return std::move(*t->result);
    }

    asio::io_context io{1};
    cs::testing::manual_clock clock;
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
