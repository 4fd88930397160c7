#pragma once

#include <corostream/core/stream.hpp>
#include <corostream/time/detail/window_state.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace corostream::detail {

/// Drives a `window_state` by the clock. It narrows the deadline it passes upstream to its next
/// boundary, so a window fires on an idle stream without a race. It always pulls before it fires: a
/// partition that was revoked has then taken its shares away before a window can count them.
template <stream Up, class Aggregate>
class window_stage : public stage_over<Up> {
    using state = window_state<Aggregate>;

public:
    using value_type = typename state::result;

    window_stage(Up up, state windows)
        : stage_over<Up>(std::move(up))
        , windows_(std::move(windows))
    {
    }

    template <class Sink>
    asio::awaitable<pumped> pump(Sink next, time_point until)
    {
        if (!clock_) {
            auto executor = co_await asio::this_coro::executor;
            clock_ = &clock::of(executor);
            windows_.start(clock_->now());
        }
        for (;;) {
            auto got = over_;
            if (!is_over(got)) {
                const auto wake = std::min(windows_.next_end(), until);
                got = co_await this->up_.pump(into<Sink>{&windows_, {}, next}, wake);
                if (is_over(got)) over_ = got;
            }
            const auto now = clock_->now();
            const bool fired = emit(next, got, now);
            // the sink wanted no more for now
            if (got == pumped::end && windows_.next_end() != never) co_return pumped::items;
            if (got == pumped::timeout && fired) co_return pumped::items;
            if (got != pumped::timeout || now >= until) co_return got;
        }
    }

    std::int64_t hold(partition_id p) const
    {
        return std::min(windows_.hold(p), this->up_.hold(p));
    }
    time_point oldest_window(partition_id p) const
    {
        return std::min(windows_.oldest(p), corostream::oldest_window(this->up_, p));
    }

private:
    template <class Next>
    struct into {
        state* windows;
        time_point arrival;
        Next next;

        void begin(const batch& b)
        {
            windows->open(b.partition);
            arrival = b.arrival;
        }
        bool push(typename Up::value_type&& v, const element& e)
        {
            windows->add(arrival, e.offset, std::move(v));
            return true;
        }
        void end(const batch&) {}
        void revoke(partition_id p)
        {
            windows->revoke(p);
            next.revoke(p);
        }
    };
    template <class Sink>
    bool emit(Sink& next, pumped got, time_point now)
    {
        bool begun = false;
        auto one = [&](value_type&& result) {
            if (!begun) next.begin(batch{.arrival = now});
            begun = true;
            const auto end = result.end_time();
            return next.push(std::move(result), element{end, -1});
        };
        const bool fired = got == pumped::end ? windows_.flush(now, one)
                                              : got != pumped::stop && windows_.fire(now, one);
        if (begun) next.end(batch{.arrival = now});
        return fired;
    }

    state windows_;
    clock* clock_ = nullptr;
    pumped over_ = pumped::items;
};

} // namespace corostream::detail
