#pragma once

#include <corostream/core/pipeline.hpp>
#include <corostream/kafka/consumer_options.hpp>
#include <corostream/kafka/detail/consumer_tasks.hpp>
#include <corostream/kafka/detail/end_proofs.hpp>
#include <corostream/kafka/partition_status.hpp>
#include <corostream/kafka/source.hpp>
#include <corostream/kafka/topic_partition.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace corostream::kafka {

/// Reads topics: a Kafka consumer whose messages are a stream.
///
/// Everything runs on one executor, which must not run two handlers at once (an `io_context` with
/// one thread, or a strand); nothing polls, and nothing blocks it. What the pipeline has processed
/// to the end is committed every `commit_interval`, at a rebalance and at `close()`; what sits in
/// an open window is not. `co_await close()` before it goes: the destructor does not block and so
/// leaves the group to its session timeout. Distinct objects: safe. Shared objects: unsafe.
class consumer {
public:
    /// Begins to connect. Throws `config_error` for a property librdkafka does not take; everything
    /// later is told by the stream, or by `events`.
    consumer(const asio::any_io_executor& executor, consumer_options options)
        : state_(make(executor, std::move(options)))
    {
        asio::co_spawn(executor, detail::serve(state_), asio::detached);
        asio::co_spawn(executor, detail::manage(state_), asio::detached);
        asio::co_spawn(executor, detail::watch_refusal(state_), asio::detached);
        asio::co_spawn(executor, detail::prove_ends(state_), asio::detached);
    }
    consumer(consumer&&) = default;
    consumer& operator=(consumer&&) = delete;
    consumer(const consumer&) = delete;
    consumer& operator=(const consumer&) = delete;
    ~consumer()
    {
        if (state_) state_->finish();
    }

    /// The messages of the topics, each partition's in order; one stream at a time.
    ///
    /// Ends after `stop()` (`pumped::stop`: open windows are kept back), when bounded at the end of
    /// the log, or with a `kafka::error` whose cause the consumer cannot outlive: a topic that is
    /// missing or was deleted, an offset out of range, authorization refused, authentication
    /// refused for longer than `authentication_timeout`. A broker that cannot be reached ends
    /// nothing: `events::on_error` is told, and the stream goes on when it is back. An exception
    /// from user code comes out as an `element_error` that names topic, partition and offset.
    /// Cancellation: at any wait. Cost: no allocation of ours and no copy a message; a batch has up
    /// to 1,000.
    auto messages() { return pipeline<message_source>(message_source(state_)); }

    /// Ends the stream gracefully: it completes after the batch at hand, and open windows are not
    /// emitted.
    void stop() { state_->stop(); }

    /// Ends the consumer: stops the stream, waits until what is in flight is acknowledged, commits,
    /// leaves the group and destroys librdkafka's client. Throws `kafka::error` when `timeout` was
    /// not enough; the consumer is gone then too. A group that does not answer, since it waits for
    /// another member, is left without its answer: an error only if something was still to be
    /// committed, otherwise told to `events::on_error`. Every message must have been let go, and
    /// the pipeline have ended.
    asio::awaitable<void> close(duration timeout = std::chrono::seconds(5))
    {
        return detail::close(state_, timeout);
    }

    /// How it stands with each partition it has now. Asks nobody; cost: a look at each partition.
    std::vector<partition_status> status() const
    {
        std::vector<partition_status> all;
        for (const auto& p : state_->reader.partitions()) {
            const auto at = state_->progress.of(p->id);
            auto& s = all.emplace_back(partition_status{p->topic, p->number, at.position, at.cursor,
                at.committed, -1, at.held_since, at.window});
            std::int64_t begin = 0;
            rd_kafka_get_watermark_offsets(
                state_->link.handle(), s.topic.c_str(), s.partition, &begin, &s.log_end);
            s.log_end = std::max<std::int64_t>(s.log_end, -1); // librdkafka has marks of its own
        }
        return all;
    }

    /// Asks the cluster for the partitions of the topics. Throws `kafka::error` when it does not
    /// answer within `timeout` (`is_unreachable(code())`), or says that a topic is missing.
    asio::awaitable<std::vector<topic_partition>> describe(duration timeout)
    {
        return detail::describe(state_->link, state_->options.topics(), timeout);
    }

private:
    static detail::consumer_handle make(
        const asio::any_io_executor& executor, consumer_options options)
    {
        if (options.topics().empty()) throw config_error("topics", "a consumer needs a topic");
        for (const auto& topic : options.topics())
            if (topic.empty() || topic.starts_with('^'))
                throw config_error(
                    "topics", "a consumer takes topics by name, not '" + topic + "'");
        if (options.commits_first() && !options.in_group())
            throw config_error("at_most_once", "a consumer without a group commits nothing");
        return std::make_shared<detail::consumer_state>(executor, std::move(options));
    }

    detail::consumer_handle state_;
};

} // namespace corostream::kafka
