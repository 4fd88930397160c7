#pragma once

#include <corostream/core/batch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace corostream::detail {

/// An element that waits; where the stream has event time, with the watermark of its partition.
template <class Value, bool Timed>
struct buffered {
    Value value;
    element at;
};
template <class Value>
struct buffered<Value, true> {
    Value value;
    element at;
    time_point watermark;
};

/// What a pump pushed, in order, to be handed to another sink later. Its memory is used again.
template <class Value, bool Timed>
class buffered_batches {
public:
    bool empty() const { return at_ == batches_.size(); }
    /// Elements in it, those that were handed over included.
    std::size_t size() const { return items_.size(); }

    void begin(const batch& b)
    {
        const auto place = items_.size();
        batches_.push_back(
            {.last = b, .first_offset = b.next_offset, .start = place, .stop = place});
    }
    [[gnu::always_inline]] void push(
        Value&& v, const element& e, [[maybe_unused]] time_point watermark)
    {
        if constexpr (Timed) items_.push_back({std::move(v), e, watermark});
        else items_.push_back({std::move(v), e});
    }
    void end(const batch& b)
    {
        batches_.back().last = b;
        batches_.back().stop = items_.size();
        batches_.back().ended = true;
    }
    void revoke(partition_id p) { batches_.push_back({.last = {.partition = p}, .revoked = true}); }
    /// The pump failed: the batch that it was in has what came before that.
    void fail()
    {
        if (!batches_.empty() && !batches_.back().revoked) batches_.back().stop = items_.size();
    }

    /// Whether elements of `p` wait.
    bool has(partition_id p) const
    {
        return std::any_of(batches_.begin() + static_cast<std::ptrdiff_t>(at_), batches_.end(),
            [p](const stretch& s) { return !s.revoked && s.last.partition == p; });
    }
    /// The partition and offset of the next element, if the batch at hand was handed over in part.
    std::optional<std::pair<partition_id, std::int64_t>> cut() const
    {
        if (empty() || batches_[at_].revoked || next_ == batches_[at_].start) return std::nullopt;
        return std::pair(batches_[at_].last.partition, items_[next_].at.offset);
    }
    /// The watermark with which that element came.
    time_point next_watermark() const { return items_[next_].watermark; }
    /// The watermark of the element being handed over.
    time_point at_hand() const { return at_hand_; }

    /// Hands the partitions that were taken away to `sink`, up to the next batch.
    template <class Sink>
    void hand_over_revoked(Sink sink)
    {
        for (; at_ < batches_.size() && batches_[at_].revoked; ++at_)
            sink.revoke(batches_[at_].last.partition);
        if (empty()) clear();
    }

    /// Hands all to `sink`, until it wants no more; returns whether nothing is left. Never inlined
    /// into a coroutine, so that the loop's variables live in registers.
    template <class Sink>
    [[gnu::noinline]] bool hand_over(Sink sink)
    {
        for (bool wanted = true;;) {
            hand_over_revoked(sink);
            if (empty()) return true;
            if (!wanted) return false;
            auto& b = batches_[at_];
            wanted = hand_over(sink, b);
            if (next_ < b.stop) return false;
            ++at_;
        }
    }

private:
    struct stretch { // a batch, or a partition that was taken away
        batch last;  // as it was at its end
        std::int64_t first_offset = 0;
        std::size_t start = 0, stop = 0; // of its elements
        bool ended = false, revoked = false;
    };

    void clear()
    {
        items_.clear();
        batches_.clear();
        at_ = next_ = 0;
    }

    template <class Sink>
    bool hand_over(Sink& sink, stretch& b)
    {
        auto now = b.last;
        now.next_offset = b.first_offset;
        now.watermark = time_point::min();
        sink.begin(std::as_const(now));
        bool wanted = true;
        auto i = next_;
        while (wanted && i < b.stop) {
            auto& x = items_[i++];
            if constexpr (Timed) at_hand_ = x.watermark;
            wanted = sink.push(std::move(x.value), x.at);
        }
        next_ = i;
        if (i == b.stop) {
            if (b.ended) sink.end(std::as_const(b.last));
        } else {
            now.next_offset = b.first_offset = items_[i - 1].at.offset + 1;
            sink.end(std::as_const(now));
        }
        return wanted;
    }

    std::vector<buffered<Value, Timed>> items_;
    std::vector<stretch> batches_;
    std::size_t at_ = 0, next_ = 0; // the batch and the element to hand over next
    time_point at_hand_ = time_point::min();
};

} // namespace corostream::detail
