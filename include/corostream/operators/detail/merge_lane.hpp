#pragma once

#include <corostream/core/stream.hpp>
#include <corostream/core/wakeup.hpp>
#include <corostream/operators/detail/buffered_batches.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace corostream::detail {

/// Whether such a stream has event time.
template <class Up>
inline constexpr bool has_event_time = requires(Up& up) { up.event_time(); };

/// One input of a merge: what its pump brought, and how it stands as of what was handed over.
template <class Value, bool Timed>
struct merge_lane {
    buffered_batches<Value, Timed> waiting;
    bool full = false; // a pump is done; the next one begins when all of this was handed over
    pumped got = pumped::items;
    std::exception_ptr error;

    struct partition_state {
        time_point oldest_window = never, watermark = time_point::min();
    };
    cursor told;
    std::vector<partition_state> partitions;
    std::vector<partition_id> seen; // for a source that does not tell its partitions
    time_point watermark = time_point::min();
    pumped over = pumped::items;

    std::optional<wakeup> drained;
    asio::cancellation_signal cancel;
    bool running = false;
};

/// What is called when an input's coroutine ends: keeps the state alive until then. It says by
/// itself where it can be cancelled from, as Asio would otherwise have the executor tell it that,
/// which has been cut.
template <class State, class Lane>
class merge_child {
public:
    using cancellation_slot_type = asio::cancellation_slot;

    merge_child(std::shared_ptr<State> s, Lane& lane)
        : state_(std::move(s))
        , lane_(&lane)
    {
        lane_->running = true;
    }
    merge_child(merge_child&&) = default;
    merge_child& operator=(merge_child&&) = delete;
    merge_child(const merge_child&) = delete;
    merge_child& operator=(const merge_child&) = delete;
    ~merge_child()
    {
        if (state_) lane_->running = false;
    }

    cancellation_slot_type get_cancellation_slot() const noexcept { return lane_->cancel.slot(); }
    void operator()(std::exception_ptr) const {} // it has told what it had to tell

private:
    std::shared_ptr<State> state_;
    Lane* lane_;
};

} // namespace corostream::detail
