#pragma once

#include <corostream/core/clock.hpp>
#include <corostream/kafka/detail/handle.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <utility>

namespace corostream::kafka::detail {

/// The bridge from librdkafka's threads to the loop: an eventfd that queues write to when they stop
/// being empty.
///
/// A queue signals only as it goes from empty to not empty. So after a wait every queue is drained
/// to empty, or it is remembered that it was not.
class event_signal {
public:
    explicit event_signal(const asio::any_io_executor& executor)
        : descriptor_(executor)
    {
        // not blocking: librdkafka writes to it while it holds the queue's lock
        const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        if (fd < 0)
            throw boost::system::system_error(errno, boost::system::system_category(), "eventfd");
        descriptor_.assign(fd);
    }

    /// Signals for `queue` from now on; not for what is in it already.
    void watch(rd_kafka_queue_t* queue)
    {
        static constexpr std::uint64_t one = 1;
        rd_kafka_queue_io_event_enable(queue, descriptor_.native_handle(), &one, sizeof one);
    }

    static void unwatch(rd_kafka_queue_t* queue)
    {
        rd_kafka_queue_io_event_enable(queue, -1, nullptr, 0);
    }

    /// Waits until a queue has signalled, and clears the signal. Drain the queues after it, not
    /// before.
    asio::awaitable<void> wait()
    {
        // a read tries first and costs no epoll_ctl; waiting for readiness would
        auto target = asio::buffer(&count_, sizeof count_);
        co_await descriptor_.async_read_some(target, asio::use_awaitable);
    }

    /// Ends a wait with `operation_aborted`.
    void cancel() { descriptor_.cancel(); }

private:
    asio::posix::stream_descriptor descriptor_;
    std::uint64_t count_ = 0;
};

/// A queue that an `event_signal` watches. Stops being watched before it goes, since librdkafka
/// keeps the descriptor.
class watched_queue {
public:
    watched_queue() = default;
    watched_queue(rd_kafka_queue_t* queue, event_signal& signal)
        : queue_(queue)
    {
        signal.watch(queue);
    }
    watched_queue(watched_queue&&) = default;
    watched_queue& operator=(watched_queue&& other) noexcept
    {
        if (queue_) event_signal::unwatch(queue_.get());
        queue_ = std::move(other.queue_);
        return *this;
    }
    watched_queue(const watched_queue&) = delete;
    watched_queue& operator=(const watched_queue&) = delete;
    ~watched_queue()
    {
        if (queue_) event_signal::unwatch(queue_.get());
    }

    rd_kafka_queue_t* get() const { return queue_.get(); }

    /// The queue, no longer watched.
    queue_handle release()
    {
        if (queue_) event_signal::unwatch(queue_.get());
        return std::move(queue_);
    }

private:
    queue_handle queue_;
};

} // namespace corostream::kafka::detail
