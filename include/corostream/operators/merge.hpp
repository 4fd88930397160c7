#pragma once

#include <corostream/core/pipeline.hpp>
#include <corostream/operators/detail/merge_source.hpp>
#include <corostream/operators/detail/merge_state.hpp>
#include <corostream/operators/detail/merge_time.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

template <stream... Ups>
class merge_stage {
    using state = merge_state<Ups...>;

public:
    using value_type = typename state::value_type;
    static constexpr bool of_windows = (is_of_windows<Ups> || ...);

    explicit merge_stage(Ups... ups)
        : parts_(std::make_shared<parts>(std::move(ups)...))
    {
    }
    merge_stage(merge_stage&&) = default;
    merge_stage& operator=(merge_stage&&) = delete;
    merge_stage(const merge_stage&) = delete;
    merge_stage& operator=(const merge_stage&) = delete;
    ~merge_stage()
    {
        if (parts_) parts_->abandon();
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
            for (bool waited = false;; waited = true) {
                if (const auto got = s.hand_over(sink)) co_return *got;
                // the inputs have had a turn
                if (waited && s.filled().clock().now() >= until) co_return pumped::timeout;
                co_await s.filled().wait(until);
            }
        } catch (...) {
            s.cancel();
            throw;
        }
    }

    /// What an input holds is in its cursor.
    std::int64_t hold(partition_id) const { return nothing_held; }
    time_point oldest_window(partition_id p) const { return parts_->of(p).oldest_window; }
    auto& source() { return parts_->source; }
    auto& event_time()
        requires(state::timed)
    {
        return parts_->time;
    }

private:
    template <class Up>
    using source_of = std::remove_reference_t<decltype(std::declval<Up&>().source())>;
    struct parts : state {
        using state::state;
        merge_source<state, source_of<Ups>...> source{*this};
        merge_time<state> time{*this};
    };

    std::shared_ptr<parts> parts_;
};

template <class... Inputs>
constexpr bool merges()
{
    constexpr bool streams = (is_pipeline<std::remove_cvref_t<Inputs>> && ...);
    static_assert(streams,
        "corostream: merge(a, b): an input is not a stream; a window needs an aggregate first");
    constexpr bool moved = (!std::is_lvalue_reference_v<Inputs> && ...);
    static_assert(
        moved || !streams, "corostream: a stream is single-use; std::move it into merge(a, b)");
    return streams && moved;
}

template <stream First, stream... Others>
auto merged(pipeline<First> first, pipeline<Others>... others)
{
    constexpr bool alike
        = (std::same_as<typename First::value_type, typename Others::value_type> && ...);
    static_assert(alike,
        "corostream: merge(a, b): the inputs have different value types; map them to one first");
    constexpr bool timed = ((has_event_time<First> == has_event_time<Others>) && ...);
    static_assert(timed,
        "corostream: merge(a, b): some inputs have event time and some have not; put "
        "event_time(bound) behind each of them, or behind the merge");
    if constexpr (alike && timed)
        return pipeline<merge_stage<First, Others...>>(merge_stage<First, Others...>(
            std::move(first).release(), std::move(others).release()...));
}

} // namespace detail

/// Several streams of one type as one: `merge(std::move(phones), std::move(tablets)) | window(4s) |
/// count()`. Elements come as they are there, the inputs in fair turns, those of one input in its
/// order.
///
/// Partition `p` of input `i` of `n` becomes partition `p * n + i`; offsets stay. Each input is
/// acknowledged what was handed on of it and processed. Every input is pumped at the same time, at
/// most one pump (1024 elements) ahead of what is handed on: what waits for its turn is not
/// acknowledged, and an input that is waited for keeps no other back. A batch arrives when it is
/// handed on, so that windows by arrival never see one that is older than they are.
///
/// Event time: behind the merge (`merge(a, b) | event_time(1s)`) it goes by all their partitions.
/// If all inputs have it already (`merge(a | event_time(1s), b | event_time(5s))`), each element
/// keeps its partition's watermark, and the stream's is the lowest of theirs. An input that has
/// ended is left out of that; one that was stopped is not, and one that is idle goes along with the
/// others.
///
/// Completes when all inputs are over: as a graceful stop if one was stopped. Errors: the first of
/// an input, after what it brought before that; the others are cancelled, and what they have
/// buffered is dropped, unacknowledged. What user code below throws comes as an `element_error`
/// with the place that the input's source tells. Cancellation: at any wait, with all inputs. When
/// the stream goes, nothing of the inputs runs any more; what they own is freed by the executor's
/// next turn, which what they refer to (a mailbox, a consumer) should outlive. Cost: two moves an
/// element, and two waits a batch; buffers are used again.
template <class... Inputs>
    requires(sizeof...(Inputs) > 0)
auto merge(Inputs&&... inputs)
{
    if constexpr (detail::merges<Inputs...>()) return detail::merged(std::move(inputs)...);
}

} // namespace corostream
