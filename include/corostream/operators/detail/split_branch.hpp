#pragma once

#include <corostream/core/stream.hpp>
#include <corostream/core/wakeup.hpp>
#include <corostream/operators/detail/branch_cursor.hpp>
#include <corostream/operators/detail/buffered_batches.hpp>
#include <corostream/operators/detail/pump_numbers.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace corostream::detail {

/// How the stream that is split stands after a pump.
struct split_standing {
    struct partition_state {
        time_point oldest_window = never, watermark = time_point::min();
    };
    cursor at;
    std::vector<partition_state> partitions; // by number
    time_point watermark = time_point::min();
    bool taken = false; // it is of a pump that is done

    partition_state of(partition_id p) const
    {
        const auto i = static_cast<std::size_t>(p);
        return i < partitions.size() ? partitions[i] : partition_state{};
    }
    void revoke(partition_id p)
    {
        std::erase_if(at.positions, [p](const auto& known) { return known.partition == p; });
    }
};

/// One branch of a split: what waits for it, and how the stream stood when it had taken that. A
/// pump that has nothing for a branch brings it further all the same.
template <class Value, bool Timed>
class split_branch {
public:
    using buffer = buffered_batches<Value, Timed>;
    /// What may wait in either buffer before the stream is not pumped any more.
    static constexpr std::size_t most = 1024;

    bool is_full() const { return back_.size() >= most; }
    /// Whether all that came is handed over.
    bool is_current() const { return front_.empty() && back_.empty(); }
    bool has(partition_id p) const { return front_.has(p) || back_.has(p); }
    auto cut() const { return front_.cut(); }
    time_point at_hand() const { return std::max(front_.at_hand(), along_at_hand_); }
    const split_standing& told() const { return told_; }
    /// The partition's watermark at the branch's own position.
    time_point watermark_at(const position& at) const
    {
        const auto next = front_.cut();
        const bool in_a_batch = next && *next == std::pair(at.partition, at.offset);
        return std::max(along(at.partition),
            in_a_batch ? front_.next_watermark() : told_.of(at.partition).watermark);
    }

    /// Partition `p` is idle, and goes along to `to` with what the branch is merged with.
    void take_along(partition_id p, time_point to)
    {
        const auto i = static_cast<std::size_t>(p);
        if (along_.size() <= i) along_.resize(i + 1, time_point::min());
        along_[i] = std::max(along_[i], to);
    }
    /// How far it has gone in that way.
    time_point along(partition_id p) const
    {
        const auto i = static_cast<std::size_t>(p);
        return i < along_.size() ? along_[i] : time_point::min();
    }
    bool has_gone_along() const { return !along_.empty(); }

    // ---- what a pump brings

    void begin_pump() { open_ = touched_ = false; }
    void begin() { open_ = false; }
    /// An element of the batch that began with `b`.
    void push(const batch& b, Value&& v, const element& e, time_point watermark)
    {
        if (!open_) back_.begin(b);
        open_ = touched_ = true;
        back_.push(std::move(v), e, watermark);
    }
    void end(const batch& b)
    {
        if (std::exchange(open_, false)) back_.end(b);
    }
    void revoke(partition_id p) { back_.revoke(p); }
    void end_pump(const split_standing& after, pumped got)
    {
        if (open_) back_.fail();
        open_ = touched_ = false;
        auto& to = !back_.empty() ? back_at_ : !front_.empty() ? front_at_
                                                               : told_;
        to = after;
        got_ = got;
        news_ = true;
    }

    // ---- what is handed over

    /// A batch of partition `p`.
    void open(partition_id p) { along_at_hand_ = along(p); }

    /// Hands what waits to `sink`; nothing if nothing does.
    template <class Sink>
    std::optional<pumped> hand_over(Sink sink)
    {
        // a batch that is being read may go on
        if (front_.empty() && !back_.empty() && !touched_) {
            std::swap(front_, back_);
            std::swap(front_at_, back_at_);
            back_at_.taken = false;
        }
        if (!front_.empty()) {
            if (!front_.hand_over(sink)) return pumped::items;
            if (std::exchange(front_at_.taken, false)) std::swap(told_, front_at_);
            told_.taken = true;
            news_ = news_ && !back_.empty();
            return pumped::items;
        }
        if (!back_.empty() || !std::exchange(news_, false)) return std::nullopt;
        return got_ == pumped::timeout ? pumped::timeout : pumped::items;
    }
    /// A partition was taken away, and what was read of it is not processed any more. What waits
    /// may have more of it: then it is back.
    void forget(partition_id p)
    {
        told_.revoke(p);
        if (along(p) != time_point::min()) along_[static_cast<std::size_t>(p)] = time_point::min();
    }
    void tell_watermark(time_point watermark) { told_.watermark = watermark; }

    /// Whether what it has not acknowledged is not to be by the others, either.
    bool holds_back() const { return !left || failed; }

    /// Drops all that waits, and what is to come.
    void leave()
    {
        front_ = {};
        back_ = {};
        open_ = touched_ = false;
    }

    std::optional<wakeup> filled;
    bool hungry = false; // it is being pumped, and nothing waits for it
    bool begun = false;  // it has been pumped
    bool left = false;   // it is gone
    bool failed = false; // what it has not acknowledged is not to be, ever
    bool is_along = false; // it is idle, and others decide
    time_point wanted = never, proof_wanted = never;

    pump_numbers<1> in_flight;
    std::uint64_t taken = 0;
    branch_cursor acknowledged;

private:
    buffer front_, back_; // being handed over, being filled
    split_standing told_, front_at_, back_at_;
    std::vector<time_point> along_; // of each partition
    time_point along_at_hand_ = time_point::min();
    pumped got_ = pumped::items;
    bool open_ = false;    // the batch at hand has an element for it
    bool touched_ = false; // the pump at work has
    bool news_ = false;    // it has come further since it was pumped last
};

} // namespace corostream::detail
