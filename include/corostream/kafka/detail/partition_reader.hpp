#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/kafka/detail/event_signal.hpp>
#include <corostream/kafka/detail/handle.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace corostream::kafka::detail {

/// A partition that is being read: librdkafka's queue of it, and how far it goes.
struct open_partition {
    std::string topic;
    std::int32_t number;
    partition_id id;
    watched_queue queue;
    /// a bounded read stops before this offset
    std::int64_t end = std::numeric_limits<std::int64_t>::max();
    time_point opened{};
    /// where its end was when it was read to there; -1 once there is more
    std::int64_t at_end = -1;
    /// when it was last proved that there was nothing behind that
    time_point caught_up = time_point::min();
    bool ready = true;      ///< its queue may hold something
    bool finished = false;  ///< its end was reached
    bool giving_up = false; ///< it is being revoked: nothing more is read
    bool left = false;      ///< the pipeline knows that
    time_point latest = time_point::min(); ///< highest record time seen
    /// the first offsets of the last batch taken from its queue, and of the one before, which may
    /// come again
    std::int64_t taken_from = 0, repeats_from = 0;
};

/// Reads the queues of the open partitions in turn, a batch of one partition at a time. Not reading
/// is what holds a fast source back: librdkafka stops fetching for a partition whose queue is full.
///
/// When a group changes, librdkafka pauses the partitions that a cooperative consumer keeps, too.
/// Up to 2.0 it then drops, for good, what a call for a batch has gathered at that moment
/// (librdkafka#4208). So there each message is asked for alone.
class partition_reader {
public:
    /// A batch is large enough to make its cost disappear, and small enough for the caches.
    static constexpr std::size_t batch_size = 1000;

    /// Reads for a consumer that is `cooperative`, or is not.
    explicit partition_reader(bool cooperative)
        : one_by_one_(cooperative && rd_kafka_version() < 0x020100ff)
    {
    }
    partition_reader(const partition_reader&) = delete;
    partition_reader& operator=(const partition_reader&) = delete;
    ~partition_reader() { discard(); }

    open_partition& open(rd_kafka_t* client, event_signal& signal, std::string topic,
        std::int32_t number, partition_id id)
    {
        auto* queue = rd_kafka_queue_get_partition(client, topic.c_str(), number);
        rd_kafka_queue_forward(queue, nullptr); // its messages come here, not to the control queue
        partitions_.push_back(std::make_unique<open_partition>(
            open_partition{std::move(topic), number, id, watched_queue(queue, signal)}));
        return *partitions_.back();
    }

    void close(partition_id id)
    {
        if (current_ && current_->id == id) discard();
        std::erase_if(partitions_, [&](const auto& p) {
            if (p->id == id) closed_[id] = p->queue.release();
            return p->id == id;
        });
        turn_ = 0;
    }

    /// Lets go of all queues, once the consumer is closed. Up to 2.5 librdkafka leaves an error in
    /// there, such as that the topic is gone, which holds its partition, and that the client, which
    /// then can't be destroyed (librdkafka#4724).
    void finish()
    {
        while (!partitions_.empty()) close(partitions_.back()->id);
        std::array<rd_kafka_message_t*, 64> some{};
        for (const auto& [id, queue] : closed_)
            for (ssize_t count = 1; count > 0;) {
                count = rd_kafka_consume_batch_queue(queue.get(), 0, some.data(), some.size());
                for (ssize_t i = 0; i < count; ++i)
                    rd_kafka_message_destroy(some[static_cast<std::size_t>(i)]);
            }
        closed_.clear();
    }

    open_partition* find(partition_id id)
    {
        for (auto& p : partitions_)
            if (p->id == id) return p.get();
        return nullptr;
    }

    const std::vector<std::unique_ptr<open_partition>>& partitions() const { return partitions_; }

    /// After a signal: any queue may hold something.
    void ready_all()
    {
        for (auto& p : partitions_) p->ready = true;
    }

    bool may_have_data() const
    {
        if (at_ < messages_.size()) return true;
        for (const auto& p : partitions_)
            if (p->ready && !p->giving_up) return true;
        return false;
    }

    /// The partition that the next messages come from, or null when every queue was found empty.
    open_partition* next()
    {
        if (current_ && (current_->giving_up || current_->finished)) discard();
        if (at_ < messages_.size()) return current_;
        for (std::size_t tried = 0; tried < partitions_.size(); ++tried) {
            auto& p = *partitions_[turn_++ % partitions_.size()];
            if (!p.ready || p.giving_up || p.finished) continue;
            messages_.resize(batch_size);
            messages_.resize(take(p.queue.get()));
            at_ = 0;
            // fewer than asked for: the queue was empty at that moment, and its next message will
            // signal
            p.ready = messages_.size() == batch_size;
            if (messages_.empty()) continue;
            if (const auto first = batch_begin(); first >= 0)
                p.repeats_from = std::exchange(p.taken_from, first);
            return current_ = &p;
        }
        return current_ = nullptr;
    }

    /// The next message of the batch, still owned here; null at its end.
    rd_kafka_message_t* front() const { return at_ < messages_.size() ? messages_[at_] : nullptr; }

    /// Hands the next message over.
    message_handle pop() { return message_handle(messages_[at_++]); }

    /// The offset of the first message of what is left of the batch; -1 if it has none.
    std::int64_t batch_begin() const
    {
        for (auto i = at_; i < messages_.size(); ++i)
            if (messages_[i]->err == RD_KAFKA_RESP_ERR_NO_ERROR) return messages_[i]->offset;
        return -1;
    }

    /// The offset after the last message of the batch; -1 if it has none.
    std::int64_t batch_end() const
    {
        for (auto i = messages_.size(); i > at_; --i)
            if (messages_[i - 1]->err == RD_KAFKA_RESP_ERR_NO_ERROR)
                return messages_[i - 1]->offset + 1;
        return -1;
    }

    /// Drops what is left of the batch.
    void discard()
    {
        while (front()) pop();
        current_ = nullptr;
    }

private:
    /// Takes what a queue holds, a batch at the most; returns how many messages.
    std::size_t take(rd_kafka_queue_t* queue)
    {
        if (!one_by_one_) {
            const auto count
                = rd_kafka_consume_batch_queue(queue, 0, messages_.data(), messages_.size());
            return count > 0 ? static_cast<std::size_t>(count) : 0;
        }
        std::size_t count = 0;
        while (count < messages_.size()
               && rd_kafka_consume_batch_queue(queue, 0, &messages_[count], 1) == 1)
            ++count;
        return count;
    }

    bool one_by_one_;
    std::vector<std::unique_ptr<open_partition>> partitions_;
    std::map<partition_id, queue_handle> closed_;
    std::vector<rd_kafka_message_t*> messages_;
    std::size_t at_ = 0;
    open_partition* current_ = nullptr;
    std::size_t turn_ = 0;
};

} // namespace corostream::kafka::detail
