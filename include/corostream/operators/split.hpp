#pragma once

#include <corostream/core/pipeline.hpp>
#include <corostream/operators/detail/split_source.hpp>
#include <corostream/operators/detail/split_state.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

/// What the branches share, and what each shows of it.
template <class State>
class split_parts : public State {
public:
    using State::State;

    struct view {
        split_source<State> source;
        split_time<State> time;
    };
    view& of(std::size_t which) { return views_[which]; }

private:
    template <std::size_t... I>
    static std::array<view, State::count> views(State& s, std::index_sequence<I...>)
    {
        return {view{split_source<State>(s, I), split_time<State>(s, I)}...};
    }

    std::array<view, State::count> views_
        = views(*this, std::make_index_sequence<State::count>());
};

template <stream Up, class... Predicates>
class split_stage {
    using state = split_state<Up, Predicates...>;

public:
    using value_type = typename state::value_type;
    static constexpr bool of_windows = is_of_windows<Up>;
    using parts = split_parts<state>;

    split_stage(std::shared_ptr<parts> of, std::size_t which)
        : parts_(std::move(of))
        , which_(which)
    {
    }
    split_stage(split_stage&&) = default;
    split_stage& operator=(split_stage&&) = delete;
    split_stage(const split_stage&) = delete;
    split_stage& operator=(const split_stage&) = delete;
    ~split_stage()
    {
        if (parts_) parts_->abandon(which_);
    }

    template <class Sink>
    asio::awaitable<pumped> pump(Sink sink, time_point until)
    {
        auto& s = *parts_;
        try {
            if (!s.started()) {
                auto executor = co_await asio::this_coro::executor;
                state::start(parts_, executor);
            }
            auto& filled = *s.branch(which_).filled;
            for (bool waited = false;; waited = true) {
                if (const auto got = s.hand_over(which_, sink)) co_return *got;
                // the stream has had a turn
                if (waited && filled.clock().now() >= until) co_return pumped::timeout;
                s.ask(which_);
                co_await filled.wait(until);
            }
        } catch (...) {
            s.fail(which_);
            throw;
        }
    }

    /// What the stream holds is in the branch's cursor.
    std::int64_t hold(partition_id) const { return nothing_held; }
    time_point oldest_window(partition_id p) const
    {
        return parts_->branch(which_).told().of(p).oldest_window;
    }
    /// A branch without windows knows the watermark, and leaves the rest to the others.
    resume_point resume_at([[maybe_unused]] const position& at, std::int64_t) const
        requires(!of_windows)
    {
        resume_point r{.emitted = never, .seen = nothing_held};
        if constexpr (state::timed) {
            r.watermark = parts_->branch(which_).watermark_at(at);
            auto& source = parts_->of(which_).source;
            if constexpr (requires { source.resumed(at.partition); })
                if (at.offset == parts_->starts_of(at.partition)[which_]) // not read again yet
                    r.watermark = std::max(r.watermark, source.resumed(at.partition).watermark);
        }
        return r;
    }
    auto& source() { return parts_->of(which_).source; }
    auto& event_time()
        requires(state::timed)
    {
        return parts_->of(which_).time;
    }

private:
    std::shared_ptr<parts> parts_;
    std::size_t which_;
};

} // namespace detail

/// One stream as two or more: `auto [android, rest] = split(std::move(phones), is_android)`. An
/// element goes to the branch of the first predicate that is true of it, or else to the last
/// branch: with two predicates there are three.
///
/// Each predicate is called at most once an element, in order, with a const reference. All branches
/// must be consumed, by coroutines of one executor, or merged again: the stream is pumped when a
/// branch waits and none has more than 1024 elements waiting, so a branch that nobody reads holds
/// the others up, until it is gone. Batches and times are those of the stream; a batch arrives when
/// it is handed on. Put `event_time(...)` before the split: behind it, a partition all of whose
/// elements go to the other branch would keep windows open until it is idle, and what the clock
/// decides would not be known after a restart.
///
/// Upstream is acknowledged what all branches have acknowledged. A branch that is gone holds
/// nothing back from then on, unless it was being read and had not come to its end: what it has not
/// processed is never acknowledged. After a restart the stream is read from where the branch is
/// that is furthest behind, and each branch goes on where it was: a program whose branches are
/// others by then should have another group.
///
/// Completes, as a graceful stop if it is one, with the stream; its error reaches all branches,
/// after what came before it. Cancellation: of the branch, at any wait; the others go on. When all
/// are gone, nothing of the stream runs any more. Cost: two moves an element, and two waits a
/// batch; buffers are used again.
template <class Stream, class... Predicates>
    requires(sizeof...(Predicates) > 0)
auto split(Stream&& stream, Predicates... predicates)
{
    using source = std::remove_cvref_t<Stream>;
    constexpr bool is_stream = is_pipeline<source>;
    static_assert(is_stream, "corostream: split(stream, predicate): the first one is not a stream");
    constexpr bool moved = !std::is_lvalue_reference_v<Stream>;
    static_assert(moved || !is_stream,
        "corostream: a stream is single-use; std::move it into split(stream, predicate)");
    if constexpr (is_stream && moved) {
        using up = decltype(std::forward<Stream>(stream).release());
        using value = typename source::value_type;
        constexpr bool fits = (std::predicate<Predicates&, const value&> && ...);
        static_assert(fits,
            "corostream: split(stream, predicate): predicate is not callable with the stream's "
            "value_type, or does not return bool");
        if constexpr (fits) {
            using stage = detail::split_stage<up, Predicates...>;
            auto parts = std::make_shared<typename stage::parts>(
                std::forward<Stream>(stream).release(), std::move(predicates)...);
            return [&]<std::size_t... I>(std::index_sequence<I...>) {
                return std::array{pipeline<stage>(stage(parts, I))...};
            }(std::make_index_sequence<sizeof...(Predicates) + 1>());
        }
    }
}

} // namespace corostream
