#pragma once

#include <corostream/core/stream.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/window_options.hpp>
#include <corostream/time/side_stream.hpp>
#include <corostream/time/time_counts.hpp>
#include <corostream/time/window_clock.hpp>
#include <corostream/time/window_result.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace corostream::detail {

/// Drives the open windows `State`. By arrival it narrows the deadline that it passes upstream to
/// their next end, so a window fires on an idle stream without a race; by event time the watermark
/// upstream decides. It always pulls before it fires: a partition that was revoked has then taken
/// its shares away before a window can count them.
template <stream Up, class State, class Late, bool TellsAgain>
class window_stage : public stage_over<Up> {
    /// Windows of elements: which ones are out no time can tell.
    static constexpr bool cuts = requires(State s) { s.cuts(partition_id(), std::int64_t()); };
    static constexpr bool resumes = cuts || has_event_time<Up>;

public:
    using value_type = typename State::result;
    static constexpr bool of_windows = true;

    window_stage(Up up, State windows, const window_options& options, Late late)
        : stage_over<Up>(std::move(up))
        , windows_(std::move(windows))
        , options_(options)
        , late_(std::move(late))
    {
    }

    template <class Sink>
    asio::awaitable<pumped> pump(Sink next, time_point until)
    {
        if (!clock_) {
            auto executor = co_await asio::this_coro::executor;
            clock_ = &clock::of(executor);
            refuse_what_would_be_lost();
            if (!has_event_time<Up>) windows_.start(clock_->now());
            next_early_ = time_after(clock_->now(), options_.early);
        }
        for (;;) {
            auto got = over_;
            if (!is_over(got)) {
                const auto wake = std::min({time_.due(windows_.next_end()), next_early_, until});
                got = co_await this->up_.pump(into<Sink>{this, {}, next}, wake);
                if constexpr (decltype(late_)::waits) co_await late_.deliver();
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
        return std::min(windows_.hold(p).offset, this->up_.hold(p));
    }
    time_point oldest_window(partition_id p) const
    {
        return std::min(windows_.oldest(p), corostream::oldest_window(this->up_, p));
    }
    /// What a restart at `at` needs; everything before `read` has been judged.
    resume_point resume_at(const position& at, std::int64_t read)
        requires resumes
    {
        // of a partition that has brought nothing yet, what was known when it began still holds
        const bool has_begun = windows_.owns(at.partition);
        auto r = has_begun ? resume_point() : resumed(at.partition);
        if constexpr (has_event_time<Up>) go_on_by_time(r, at, read);
        if constexpr (cuts) {
            if (!has_begun) return r;
            r.cuts = windows_.cuts(at.partition, at.offset);
            r.lacks_cuts = windows_.lacks_cuts(at.partition);
        }
        return r;
    }
    /// The results' own clock: each is of the last moment of its window.
    auto& event_time()
        requires(has_event_time<Up>)
    {
        return results_;
    }

private:
    /// What was committed with the offset at which `p` began.
    resume_point resumed(partition_id p)
    {
        if constexpr (requires { this->source().resumed(p); }) return this->source().resumed(p);
        else return {};
    }

    void go_on_by_time(resume_point& r, const position& at, std::int64_t read) const
    {
        const auto p = at.partition;
        const auto first = windows_.hold(p);
        r.emitted = std::max({r.emitted, windows_.emitted(p), out(p)});
        // what a restart before this one had seen may be further on than what has been read again
        r.seen = std::max({r.seen, read, windows_.seen(p)});
        if (first.offset == at.offset) r.watermark = first.watermark;
        else if (at.offset == read) r.watermark = std::max(r.watermark, time_.watermark_of(p));
    }

    template <class Next>
    struct into {
        window_stage* stage;
        time_point arrival;
        Next next;

        void begin(const batch& b)
        {
            auto& s = *stage;
            if (!s.windows_.owns(b.partition)) {
                const auto from = resumes ? s.resumed(b.partition) : resume_point();
                s.windows_.resume(b.partition, from.emitted, from.seen);
                if constexpr (cuts) s.windows_.resume_cuts(b.partition, from.cuts);
            }
            s.windows_.open(b.partition);
            s.time_.open(s.up_, b);
            arrival = b.arrival;
        }
        bool push(typename Up::value_type&& v, const element& e)
        {
            auto& s = *stage;
            const auto found = s.windows_.add(s.time_.moment_of(e), std::move(v));
            if (found != verdict::counted) [[unlikely]]
                if (found == verdict::late)
                    s.divert(std::move(v), e); // NOLINT(bugprone-use-after-move): it was left alone
            return true;
        }
        void end([[maybe_unused]] const batch& b)
        {
            if constexpr (cuts) stage->windows_.pass(b.partition, b.next_offset);
        }
        void revoke(partition_id p)
        {
            stage->windows_.revoke(p);
            next.revoke(p);
        }
    };

    /// A result does not know the offsets that it stands for, so what windows over results hold
    /// could not be kept from being committed.
    void refuse_what_would_be_lost()
    {
        if constexpr (is_of_windows<Up> && requires { this->source().commits(); })
            if (this->source().commits())
                throw std::logic_error(
                    "window: windows over the results of windows would lose records at a restart "
                    "of a consumer that commits; write the results to a topic, or read without a "
                    "group");
    }

    /// Windows that end by then are out and not told again, and what `p` brings is late for them:
    /// of a partition that was idle its records alone would not tell. Nothing is late for windows
    /// of elements, and where empty windows are told, none is out before the first.
    time_point out(partition_id p) const
        requires(has_event_time<Up>)
    {
        if (cuts || !windows_.has_begun()) return time_point::min();
        // partitions that were behind when they came may have opened windows before `reached_`
        const auto open = windows_.next_end() - duration(1);
        auto out = std::min({reached_, time_.passed(p), open});
        const bool is_flushed = over_ == pumped::end && windows_.next_end() == never;
        if (is_flushed) out = std::max(out, last_told_);
        return time_before(out, options_.allowed);
    }

    [[gnu::noinline]] void divert(typename Up::value_type&& v, const element& e)
    {
        if (options_.counts) ++options_.counts->late;
        late_.divert(std::move(v), e);
    }

    /// A partition that has ended keeps no window open, but those of elements: what they have left
    /// is told then, and its bounds must not depend on which partition ended first.
    time_point reached_at(time_point now)
    {
        const auto reached = time_.reached(this->up_, now);
        if constexpr (cuts && has_event_time<Up>)
            return time_.hold_back(
                windows_.lowest([this](partition_id p) { return time_.watermark_of(p); }));
        else return reached;
    }

    template <class Sink>
    bool emit(Sink& next, pumped got, time_point now)
    {
        bool begun = false, wanted = true;
        auto one = [&](value_type&& result) {
            if (!begun) next.begin(batch{.arrival = now});
            begun = true;
            if (result.emission() == emission::complete && result.end_time() != never)
                last_told_ = std::max(last_told_, result.end_time());
            const auto last = result.end_time() - duration(1);
            return wanted = next.push(std::move(result), element{last, -1});
        };
        const auto reached = reached_at(now);
        if constexpr (cuts && has_event_time<Up>)
            if (got == pumped::end)
                windows_.come_to([this](partition_id p) { return time_.watermark_of(p); });
        bool fired = got == pumped::end ? windows_.flush(reached, one)
                                        : got != pumped::stop && windows_.fire(reached, one);
        if constexpr (TellsAgain) {
            if (wanted && !is_over(got) && now >= next_early_) {
                if (windows_.peek(one)) next_early_ = time_after(now, options_.early);
                fired = fired || begun;
            }
        }
        if (begun) next.end(batch{.arrival = now});
        if (windows_.next_end() > reached) reached_ = std::max(reached_, reached);
        time_.wait_for(this->up_, windows_.next_end());
        results_.advance(got == pumped::end ? never : reached);
        return fired;
    }

    State windows_;
    window_options options_;
    [[no_unique_address]] side_stream<Late, typename Up::value_type> late_;
    window_clock<Up> time_;
    result_clock results_;
    clock* clock_ = nullptr;
    time_point next_early_ = never;
    time_point reached_ = time_point::min(); // windows that end by then are out
    time_point last_told_ = time_point::min(); // the last of those ended then
    pumped over_ = pumped::items;
};

} // namespace corostream::detail
