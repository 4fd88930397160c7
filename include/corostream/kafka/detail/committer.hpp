#pragma once

#include <corostream/core/wakeup.hpp>
#include <corostream/kafka/detail/client.hpp>
#include <corostream/kafka/detail/cluster.hpp>
#include <corostream/kafka/detail/event_signal.hpp>
#include <corostream/kafka/detail/resume_text.hpp>
#include <corostream/kafka/offsets.hpp>
#include <corostream/kafka/topic_partition.hpp>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace corostream::kafka::detail {

/// Numbers the partitions of a list of topics: with one topic as Kafka does, with more so that all
/// numbers differ.
class partition_numbering {
public:
    explicit partition_numbering(std::vector<std::string> topics)
        : topics_(std::move(topics))
    {
    }

    partition_id id_of(const topic_partition& p) const
    {
        const auto at = std::find(topics_.begin(), topics_.end(), p.topic) - topics_.begin();
        return p.partition * count() + static_cast<partition_id>(at);
    }

    topic_partition partition_of(partition_id id) const
    {
        return {topics_[static_cast<std::size_t>(id % count())], id / count(), -1};
    }

private:
    partition_id count() const { return static_cast<partition_id>(topics_.size()); }

    std::vector<std::string> topics_;
};

/// Commits what was acknowledged: one commit at a time, answered on a queue of its own.
class committer {
public:
    committer(client& c, offsets& progress, const partition_numbering& numbering)
        : client_(&c)
        , offsets_(&progress)
        , numbering_(&numbering)
        , replies_(rd_kafka_queue_new(c.handle()), c.signal())
        , replied_(c.executor())
    {
    }

    /// Commits the acknowledged offsets of `partitions` that the group does not know yet, and waits
    /// for the answer until `deadline`. What the answer was, the handler of commits is told; what
    /// failed is still to be committed.
    asio::awaitable<void> commit(std::vector<partition_id> partitions, time_point deadline)
    {
        while (pending_ && client_->clock().now() < deadline) co_await replied_.wait(deadline);
        std::vector<topic_partition> progress;
        if (!pending_) resumes_.clear();
        for (auto id : partitions) {
            const auto offset = offsets_->to_commit(id);
            if (offset < 0) continue;
            auto& p = progress.emplace_back(numbering_->partition_of(id));
            p.offset = offset;
            const auto& resume = offsets_->resume_to_commit(id);
            if (resume != resume_point{}) p.metadata = to_text(resume);
            tell_if_short(id, p, resume);
            resumes_.emplace_back(id, resume);
        }
        if (pending_ || progress.empty()) co_return;
        const auto list = to_list(progress);
        const auto code = rd_kafka_commit_queue(
            client_->handle(), list.get(), replies_.get(), nullptr, nullptr);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            tell(progress, code);
            co_return;
        }
        pending_ = true;
        while (pending_ && client_->clock().now() < deadline) co_await replied_.wait(deadline);
    }

    /// True if any partition has something to commit.
    bool needed() const
    {
        for (partition_id p = 0; p < offsets_->size(); ++p)
            if (offsets_->to_commit(p) >= 0) return true;
        return false;
    }

    /// Takes the answers that have come.
    void drain()
    {
        client::drain(replies_.get(), [this](event_handle event) {
            if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_OFFSET_COMMIT)
                answered(event.get());
            else client_->handle(event.get());
        });
    }

    void close() { replies_ = {}; }

private:
    void answered(rd_kafka_event_t* event)
    {
        pending_ = false;
        const auto* list = rd_kafka_event_topic_partition_list(event);
        auto code = rd_kafka_event_error(event);
        for (int i = 0; list && i < list->cnt; ++i) {
            const auto& p = list->elems[i];
            if (code == RD_KAFKA_RESP_ERR_NO_ERROR && p.err != RD_KAFKA_RESP_ERR_NO_ERROR)
                code = p.err;
            if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
                committed(numbering_->id_of({p.topic, p.partition, p.offset}), p.offset);
        }
        tell(from_list(list), code);
        replied_.notify();
    }

    /// Once, until it fits again.
    void tell_if_short(partition_id id, const topic_partition& p, const resume_point& resume)
    {
        const bool fits = p.metadata.empty() || resume_from(p.metadata) == resume;
        if (fits) {
            short_.erase(id);
            return;
        }
        if (!short_.insert(id).second) return;
        client_->report(error(RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE,
            "committing offset " + std::to_string(p.offset) + " of " + p.topic + " ["
                + std::to_string(p.partition)
                + "]: what a restart there has to know of windows of elements, or of records too "
                  "far ahead, does not fit"));
    }

    void committed(partition_id id, std::int64_t offset)
    {
        const auto sent = std::find_if(
            resumes_.begin(), resumes_.end(), [id](const auto& r) { return r.first == id; });
        offsets_->committed(id, offset, sent == resumes_.end() ? resume_point{} : sent->second);
    }

    void tell(const std::vector<topic_partition>& progress, rd_kafka_resp_err_t code)
    {
        if (code == RD_KAFKA_RESP_ERR__NO_OFFSET) return;
        const auto& handler = client_->handlers().on_commit;
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
            client_->accepted();
            if (handler) handler(progress, nullptr);
            return;
        }
        const error failed(code, "committing offsets");
        if (handler) handler(progress, &failed);
        client_->report(failed);
    }

    client* client_;
    offsets* offsets_;
    const partition_numbering* numbering_;
    watched_queue replies_;
    wakeup replied_;
    bool pending_ = false;
    std::vector<std::pair<partition_id, resume_point>> resumes_; // of the commit at work
    std::set<partition_id> short_; // where not all that a restart has to know could be committed
};

} // namespace corostream::kafka::detail
