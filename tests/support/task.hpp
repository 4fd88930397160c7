#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace corostream {
}
namespace cs = corostream;
namespace asio = boost::asio;
using namespace std::chrono_literals;

/// A coroutine that was started, and what became of it.
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
task_handle<T> start_task(asio::io_context& io, asio::awaitable<T> coroutine)
{
    auto t = std::make_shared<task<T>>();
    auto ended = [t](std::exception_ptr error, T result) {
        if (error) t->error = error;
        else t->result.emplace(std::move(result));
    };
    asio::co_spawn(
        io, std::move(coroutine), asio::bind_cancellation_slot(t->cancel.slot(), std::move(ended)));
    return t;
}

/// The same; its result is true.
inline task_handle<bool> start_task(asio::io_context& io, asio::awaitable<void> coroutine)
{
    auto t = std::make_shared<task<bool>>();
    auto ended = [t](std::exception_ptr error) {
        if (error) t->error = error;
        else t->result = true;
    };
    asio::co_spawn(
        io, std::move(coroutine), asio::bind_cancellation_slot(t->cancel.slot(), std::move(ended)));
    return t;
}

/// What a task that is done came to; throws its error.
template <class T>
T result_of(const task_handle<T>& t)
{
    if (t->error) std::rethrow_exception(t->error);
    return std::move(*t->result);
}

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
