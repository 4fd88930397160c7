#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace corostream::detail {

namespace asio = boost::asio;

/// A coroutine that was started for something, and works on it: how to end it.
class child_handle {
public:
    /// Ends it at its next wait. On the executor's thread.
    void cancel()
    {
        if (running_) signal_.emit(asio::cancellation_type::terminal);
    }

private:
    template <class Owner>
    friend class child_end;

    asio::cancellation_signal signal_;
    bool running_ = false;
};

/// What is called when a child ends: keeps what it works on alive until then. It says by itself
/// where it can be cancelled from, as Asio would otherwise have the executor tell it that, which
/// may have been cut.
template <class Owner>
class child_end {
public:
    using cancellation_slot_type = asio::cancellation_slot;

    child_end(std::shared_ptr<Owner> owner, child_handle& handle)
        : owner_(std::move(owner))
        , handle_(&handle)
    {
        handle_->running_ = true;
    }
    child_end(child_end&&) = default;
    child_end& operator=(child_end&&) = delete;
    child_end(const child_end&) = delete;
    child_end& operator=(const child_end&) = delete;
    ~child_end()
    {
        if (owner_) handle_->running_ = false;
    }

    cancellation_slot_type get_cancellation_slot() const noexcept
    {
        return handle_->signal_.slot();
    }
    void operator()(std::exception_ptr) const {} // it has told what it had to tell

private:
    std::shared_ptr<Owner> owner_;
    child_handle* handle_;
};

/// Starts `work` on `executor`; `handle` is a part of `owner`.
template <class Owner>
void start_child(const asio::any_io_executor& executor, asio::awaitable<void> work,
    std::shared_ptr<Owner> owner, child_handle& handle)
{
    asio::co_spawn(executor, std::move(work), child_end<Owner>(std::move(owner), handle));
}

} // namespace corostream::detail
