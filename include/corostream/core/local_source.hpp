#pragma once

#include <corostream/core/deliver.hpp>
#include <corostream/core/pipeline.hpp>
#include <corostream/core/wakeup.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace corostream {

/// Elements in a batch of a source in memory: enough to make a batch's cost disappear (it is
/// 0.1 ns an element).
inline constexpr std::size_t default_batch_size = 1024;

/// The pump of a source that makes its elements in this process. `Feed` has
/// - `value_type`, and `name`, what errors call it;
/// - `time_point due()`: when its next element is there: `time_point::min()` for at once, `never`
///   after the last one;
/// - `give(limit, now, push)`: calls `push(value)` for each element that is there by `now`, up to
///   `limit` of them, until it returns false; returns what it returned last.
///
/// A source that is always ready gives way to the other tasks of the executor once a millisecond.
/// While pumps follow each other quickly, each brings several batches: what a pump costs besides,
/// such as a look at the clock, then disappears in small batches, too.
template <class Feed>
class local_source : public replayable_source {
public:
    using value_type = typename Feed::value_type;

    explicit local_source(Feed feed, std::size_t batch_size = default_batch_size)
        : feed_(std::move(feed))
        , batch_size_(std::max<std::size_t>(batch_size, 1))
    {
    }

    template <class Sink>
    asio::awaitable<pumped> pump(Sink sink, time_point until)
    {
        if (!wakeup_) {
            auto executor = co_await asio::this_coro::executor;
            wakeup_ = std::make_unique<wakeup>(executor);
        }
        for (;;) {
            const auto due = next_due();
            if (due == never) co_return pumped::end;
            const auto now = wakeup_->clock().now();
            if (due <= now) {
                if (now - yielded_ > std::chrono::milliseconds(1)) {
                    yielded_ = now;
                    auto executor = co_await asio::this_coro::executor;
                    co_await asio::post(executor, asio::use_awaitable);
                }
                const bool quick = now - pumped_ < std::chrono::microseconds(20);
                batches_ = quick ? std::min(2 * batches_, most_batches) : 1;
                pumped_ = now;
                deliver_batches(sink, now);
                co_return pumped::items;
            }
            if (now >= until) co_return pumped::timeout;
            co_await wakeup_->wait(std::min(due, until));
        }
    }

    local_source& source() { return *this; }

    /// What user code threw, being handled, with the place of the element at hand.
    static element_error error_at(partition_id p, std::int64_t offset)
    {
        return {Feed::name, p, offset};
    }

private:
    time_point next_due()
    {
        try {
            return feed_.due();
        } catch (...) {
            // as within a batch: where it is cut makes no difference
            throw element_error(Feed::name, 0, offset_);
        }
    }

    /// Never inlined into the coroutine, so that the loop's variables live in registers.
    template <class Sink>
    [[gnu::noinline]] void deliver_batches(Sink sink, time_point now)
    {
        bool wanted = true;
        const auto give = [&](auto push) { wanted = feed_.give(batch_size_, now, push); };
        for (auto left = batches_; wanted && left > 0 && next_due() <= now; --left)
            detail::push_batch(sink, Feed::name, now, offset_, give);
    }

    static constexpr int most_batches = 16;

    Feed feed_;
    std::size_t batch_size_;
    std::int64_t offset_ = 0;
    int batches_ = 1;
    time_point yielded_{}, pumped_{};
    std::unique_ptr<wakeup> wakeup_;
};

namespace detail {

template <class Feed>
auto source_of(Feed feed, std::size_t batch_size)
{
    return pipeline<local_source<Feed>>(local_source<Feed>(std::move(feed), batch_size));
}

} // namespace detail

} // namespace corostream
