#pragma once

#include <corostream/core/local_source.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

namespace corostream {

namespace detail {

class tick_feed {
public:
    using value_type = time_point;
    static constexpr auto name = "ticks";

    tick_feed(duration period, time_point first)
        : period_(period)
        , next_(first)
    {
    }

    time_point due() const { return next_; }

    template <class Push>
    bool give(std::size_t limit, time_point now, Push push)
    {
        bool wanted = true;
        for (; wanted && limit > 0 && next_ <= now; --limit) {
            auto tick = next_;
            next_ += period_;
            wanted = push(std::move(tick));
        }
        return wanted;
    }

private:
    duration period_;
    time_point next_;
};

} // namespace detail

/// A tick every `period` (microseconds at the finest), each the moment it was due: the first at
/// `first`, by default at the next multiple of the period after the epoch. `executor` tells which
/// clock.
///
/// Never ends by itself. A stream that was held up gets the ticks it missed at once, so a rate is
/// kept on average. Throws `std::invalid_argument` if the period is not positive. Cancellation: at
/// any wait. Cost: a timer a tick; ticks that are due together come as one batch.
template <class Rep, class Period>
auto ticks(const asio::any_io_executor& executor, std::chrono::duration<Rep, Period> period,
    time_point first = time_point::min())
{
    const auto every = to_duration(period);
    if (every <= duration::zero())
        throw std::invalid_argument(
            "ticks: the period " + std::to_string(every.count()) + " us is not positive");
    if (first == time_point::min()) {
        const auto now = clock::of(executor).now();
        auto since = now.time_since_epoch() % every;
        if (since < duration::zero()) since += every;
        first = now - since + every;
    }
    return detail::source_of(detail::tick_feed(every, first), default_batch_size);
}

} // namespace corostream
