#pragma once

#include <corostream/core/cursor.hpp>
#include <corostream/core/error.hpp>
#include <corostream/core/run.hpp>
#include <corostream/core/sink.hpp>
#include <corostream/core/wakeup.hpp>
#include <corostream/sinks/retry.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace corostream::detail {

/// Calls a function with each element, and again while it fails. What a pump brings behind an
/// element that failed waits for it; nothing more is pulled meanwhile.
template <stream Stage, class F>
class retrying_job {
    using value = typename Stage::value_type;

public:
    using result_type = void;

    retrying_job(Stage stage, F f, retry policy)
        : stage_(std::move(stage))
        , f_(std::move(f))
        , policy_(std::move(policy))
    {
    }

    asio::awaitable<void> run() &
    {
        const let_go_at_end<Stage> guard(stage_);
        const forget_at_end forgets{&waiting_};
        auto executor = co_await asio::this_coro::executor;
        wakeup_ = std::make_unique<wakeup>(executor);
        for (auto got = pumped::items; !is_over(got);) {
            const call_sink sink{{}, this, 0};
            got = co_await stage_.pump(sink, never);
            if (!waiting_.empty()) co_await work_off();
            take_snapshot(stage_, cursor_);
            stage_.source().acknowledge(cursor_);
        }
    }

private:
    struct waiting_value {
        value v;
        partition_id partition;
        std::int64_t offset;
    };
    /// A message of librdkafka's holds its consumer, so none is kept once the job has failed.
    struct forget_at_end {
        std::vector<waiting_value>* waiting;
        ~forget_at_end() { waiting->clear(); }
    };
    /// Throws nothing, so that what fails ends the pipeline whether or not others wait before it.
    struct call_sink : null_sink {
        retrying_job* job;
        partition_id partition;

        void begin(const batch& b) { partition = b.partition; }
        bool push(value&& v, const element& e)
        {
            if (job->waiting_.empty()) {
                job->failure_ = job->attempt(v);
                if (!job->failure_) return true;
            }
            job->waiting_.push_back({std::move(v), partition, e.offset});
            return true;
        }
    };

    std::exception_ptr attempt(const value& v)
    {
        try {
            static_cast<void>(std::invoke(f_, v));
            return nullptr;
        } catch (...) {
            return std::current_exception();
        }
    }

    /// Tries the first of those that wait again, and then the others.
    asio::awaitable<void> work_off()
    {
        auto& time = wakeup_->clock();
        for (const auto& w : waiting_) {
            const bool has_failed = &w == &waiting_.front();
            const auto begin = time.now();
            for (int failures = 1; is_ours(w); ++failures) {
                if (failures > 1 || !has_failed) failure_ = attempt(w.v);
                if (!failure_) break;
                const auto delay = policy_.covers(failure_)
                                     ? policy_.delay(failures, time.now() - begin, jitter())
                                     : std::nullopt;
                if (!delay) give_up(w);
                policy_.tell(failure_, failures, *delay);
                if (!co_await rest(time.now() + *delay)) give_up(w);
            }
        }
        waiting_.clear();
    }

    /// False when the partition of an element has got another owner, who begins with it.
    bool is_ours(const waiting_value& w)
    {
        if constexpr (requires { stage_.source().owns(w.partition); })
            return w.offset < 0 || stage_.source().owns(w.partition);
        else return true;
    }

    /// Waits until `until`; returns whether the stream is to go on.
    asio::awaitable<bool> rest(time_point until)
    {
        if constexpr (requires { stage_.source().rest(until); }) {
            co_return co_await stage_.source().rest(until);
        } else {
            while (wakeup_->clock().now() < until) co_await wakeup_->wait(until);
            co_return true;
        }
    }

    /// Throws the last failure, with the place of the element if it has one.
    [[noreturn]] void give_up(const waiting_value& w)
    {
        try {
            std::rethrow_exception(failure_);
        } catch (...) {
            if (w.offset < 0) throw;
            if constexpr (requires { stage_.source().error_at(w.partition, w.offset); })
                throw stage_.source().error_at(w.partition, w.offset);
            else throw element_error("stream", w.partition, w.offset);
        }
    }

    double jitter() { return std::uniform_real_distribution<>()(random_); }

    Stage stage_;
    F f_;
    retry policy_;
    cursor cursor_;
    std::unique_ptr<wakeup> wakeup_;
    std::vector<waiting_value> waiting_;
    std::exception_ptr failure_; // of the element that is tried
    std::minstd_rand random_{std::random_device()()};
};

} // namespace corostream::detail
