#pragma once

#include <corostream/core/stream.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

namespace corostream {

/// A stream as users hold it: the outermost stage, and what `next()` needs. Move-only and
/// single-use: to pipe it further, move it. Distinct objects: safe. Shared objects: unsafe;
/// everything runs on one executor.
template <stream Stage>
class pipeline {
public:
    using value_type = typename Stage::value_type;

    explicit pipeline(Stage stage)
        : stage_(std::move(stage))
    {
    }
    pipeline(pipeline&&) = default;
    pipeline& operator=(pipeline&&) = delete;
    pipeline(const pipeline&) = delete;
    pipeline& operator=(const pipeline&) = delete;
    ~pipeline() = default;

    /// The next element, or nothing when the stream is over.
    ///
    /// Asking for the next result acknowledges the ones before it: their input may be committed
    /// from then on. After the results that came before it, throws once what ended the stream: user
    /// code's exception, the source's error, or `operation_aborted` when cancelled; after that it
    /// yields nothing. The pipeline must have a name: a temporary would be gone at the first
    /// suspension. Cost: a coroutine a call, one pump a batch; the buffer is reused.
    asio::awaitable<std::optional<value_type>> next() &
    {
        if (taken_ == ready_.size()) {
            ready_.clear();
            taken_ = 0;
            if (pending_) acknowledge();
            while (ready_.empty() && !over_) {
                try {
                    const auto got = co_await stage_.pump(buffer_sink{{}, &ready_}, never);
                    over_ = is_over(got);
                } catch (...) {
                    over_ = true;
                    error_ = std::current_exception();
                    const let_go_at_end<Stage> over(stage_);
                    break;
                }
                take_snapshot(stage_, cursor_);
                pending_ = true;
                if (ready_.empty()) acknowledge();
            }
        }
        if (taken_ < ready_.size())
            co_return std::optional<value_type>(std::move(ready_[taken_++].value));
        // after what came before it
        if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
        const let_go_at_end<Stage> over(stage_);
        co_return std::nullopt;
    }

    /// Does not compile: the temporary would be gone at the first suspension.
    template <bool Named = false>
    asio::awaitable<std::optional<value_type>> next() &&
    {
        static_assert(Named,
            "corostream: name the pipeline before you await it, as in auto s = source | map(f); "
            "co_await s.next();");
        return {};
    }

    /// The stage inside, for the operator or job that takes it over.
    Stage release() && { return std::move(stage_); }

private:
    static constexpr std::size_t most = 1024; // what a pump is to bring

    struct slot { // so that bool needs no case of its own
        value_type value;
    };
    struct buffer_sink : null_sink {
        std::vector<slot>* ready;
        bool push(value_type&& v, const element&)
        {
            ready->push_back({std::move(v)});
            return ready->size() < most;
        }
    };

    void acknowledge()
    {
        stage_.source().acknowledge(cursor_);
        pending_ = false;
    }

    Stage stage_;
    std::vector<slot> ready_;
    std::size_t taken_ = 0;
    cursor cursor_;
    bool pending_ = false;
    bool over_ = false;
    std::exception_ptr error_;
};

template <class T>
inline constexpr bool is_pipeline = false;
template <class Stage>
inline constexpr bool is_pipeline<pipeline<Stage>> = true;

} // namespace corostream
