#pragma once

#include <corostream/core/deliver.hpp>
#include <corostream/core/pipeline.hpp>
#include <corostream/core/wakeup.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/circular_buffer.hpp>

#include <cstddef>
#include <exception>
#include <stdexcept>
#include <utility>

namespace corostream {

/// A bounded queue between coroutines, and the one asynchronous primitive: every boundary that is
/// not a plain pull (a merge, an asynchronous map, a hop between tasks) is a task that pushes into
/// a mailbox whose stream another one reads. A full mailbox makes the pushing side wait.
///
/// Distinct objects: safe. Shared objects: unsafe; both sides run on one executor. Must outlive its
/// stream.
template <class T>
class mailbox {
public:
    /// Holds up to `capacity` elements. Throws `std::invalid_argument` for a capacity of 0.
    mailbox(const asio::any_io_executor& executor, std::size_t capacity)
        : queue_(capacity)
        , filled_(executor)
        , drained_(executor)
    {
        if (capacity == 0) throw std::invalid_argument("mailbox: a capacity of 0 can hold nothing");
    }

    /// Appends `value`, waiting while the mailbox is full. After `close()` or `fail()` the value is
    /// dropped, and the return is false. Ends with `operation_aborted` when cancelled; the value is
    /// then not in the mailbox.
    asio::awaitable<bool> push(T value)
    {
        while (queue_.full() && !closed_) co_await drained_.wait();
        co_return try_push(value);
    }

    /// Appends `value` if there is room, else leaves it alone; tells which.
    bool try_push(T& value)
    {
        if (queue_.full() || closed_) return false;
        queue_.push_back(std::move(value));
        filled_.notify();
        return true;
    }

    /// Ends the stream after what is queued.
    void close()
    {
        closed_ = true;
        filled_.notify();
        drained_.notify();
    }

    /// Ends the stream with `error` after what is queued.
    void fail(std::exception_ptr error)
    {
        error_ = std::move(error);
        close();
    }

    std::size_t size() const { return queue_.size(); }
    bool closed() const { return closed_; }

    /// The queued elements as a stream, offsets counting from 0; one reader at a time.
    auto stream() { return pipeline<source_stage>(source_stage(*this)); }

private:
    class source_stage : public replayable_source {
    public:
        using value_type = T;

        explicit source_stage(mailbox& box)
            : box_(&box)
        {
        }

        template <class Sink>
        asio::awaitable<pumped> pump(Sink sink, time_point until)
        {
            auto& box = *box_;
            while (box.queue_.empty()) {
                if (box.closed_ && box.error_) std::rethrow_exception(box.error_);
                if (box.closed_) co_return pumped::end;
                if (until != never && box.filled_.clock().now() >= until) co_return pumped::timeout;
                co_await box.filled_.wait(until);
            }
            box.deliver(sink);
            co_return pumped::items;
        }

        source_stage& source() { return *this; }

    private:
        mailbox* box_;
    };

    template <class Sink>
    void deliver(Sink sink)
    {
        auto left = queue_.size(); // what the stages push meanwhile is for the next batch
        detail::deliver(sink, "mailbox", filled_.clock().now(), offset_, [&](auto push) {
            for (bool wanted = true; wanted && left > 0; --left) {
                auto value = std::move(queue_.front());
                queue_.pop_front();
                wanted = push(std::move(value));
            }
        });
        drained_.notify();
    }

    boost::circular_buffer<T> queue_;
    wakeup filled_, drained_;
    std::int64_t offset_ = 0;
    bool closed_ = false;
    std::exception_ptr error_;
};

} // namespace corostream
