#pragma once

#include <corostream/core/time.hpp>
#include <corostream/kafka/config.hpp>
#include <corostream/kafka/events.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace corostream::kafka {

/// Where reading a partition begins.
enum class start_at : unsigned char {
    /// where the group left off; without a committed offset at the earliest record. An offset that
    /// is out of range
    committed,
    ///< ends the stream: it was retained no longer, and skipping silently would lose data
    /// where the group left off; without a committed offset, or when it is out of range, at the
    /// earliest record
    earliest,
    latest,    ///< the same, at the end of the log
};

/// What a consumer reads and how. Every setter returns the options, to be chained.
class consumer_options {
public:
    consumer_options(std::string brokers, std::string topic)
        : consumer_options(std::move(brokers), std::vector<std::string>{std::move(topic)})
    {
    }
    consumer_options(std::string brokers, std::vector<std::string> topics)
        : topics_(std::move(topics))
    {
        config_.set("bootstrap.servers", std::move(brokers));
    }

    /// Joins this consumer group; its members share the partitions, and it keeps the committed
    /// offsets.
    consumer_options& group(std::string id)
    {
        group_ = std::move(id);
        config_.set("group.id", group_);
        return *this;
    }

    /// Reads every partition of the topics, without a group; nothing is committed. This is what
    /// happens without `group`.
    consumer_options& assign_all()
    {
        group_.clear();
        return *this;
    }

    /// Where to begin; `start_at::committed` unless said otherwise.
    consumer_options& start(start_at where)
    {
        start_ = where;
        return *this;
    }

    /// Makes the stream bounded: it ends at the end of the log as it stood when reading began.
    consumer_options& until_end(bool bounded = true)
    {
        bounded_ = bounded;
        return *this;
    }

    /// Waits for topics that do not exist, instead of ending with an error. They are never created.
    consumer_options& wait_for_topic(bool wait = true)
    {
        wait_for_topic_ = wait;
        return *this;
    }

    /// Commits what has been processed to the end: after a crash what was not is read again. So it
    /// is unless said otherwise.
    consumer_options& at_least_once()
    {
        commits_first_ = false;
        return *this;
    }

    /// Commits each batch before it is handed on: after a crash nothing is read again, and what was
    /// being processed or sat in an open window is lost. Needs a group. Cost: a round trip a batch.
    consumer_options& at_most_once()
    {
        commits_first_ = true;
        return *this;
    }

    /// How often acknowledged offsets are committed; 1 s unless said otherwise.
    consumer_options& commit_interval(duration every)
    {
        commit_interval_ = every;
        return *this;
    }

    /// How long a rebalance waits for results in flight to be acknowledged; 10 s unless said
    /// otherwise.
    consumer_options& revoke_timeout(duration limit)
    {
        revoke_timeout_ = limit;
        return *this;
    }

    /// How long refused credentials or certificates are tried again before the stream ends; 10 s
    /// unless said otherwise.
    consumer_options& authentication_timeout(duration limit)
    {
        authentication_timeout_ = limit;
        return *this;
    }

    /// Any property of librdkafka's.
    consumer_options& set(std::string key, std::string value)
    {
        config_.set(std::move(key), std::move(value));
        return *this;
    }

    /// Who is told of errors, rebalances, commits and log lines.
    consumer_options& on(events handlers)
    {
        events_ = std::move(handlers);
        return *this;
    }

    const std::vector<std::string>& topics() const { return topics_; }
    bool in_group() const { return !group_.empty(); }
    start_at start() const { return start_; }
    bool bounded() const { return bounded_; }
    bool waits_for_topic() const { return wait_for_topic_; }
    bool commits_first() const { return commits_first_; }
    duration commit_interval() const { return commit_interval_; }
    duration revoke_timeout() const { return revoke_timeout_; }
    duration authentication_timeout() const { return authentication_timeout_; }
    const config& properties() const { return config_; }
    const events& handlers() const { return events_; }

private:
    std::vector<std::string> topics_;
    std::string group_;
    config config_;
    events events_;
    start_at start_ = start_at::committed;
    bool bounded_ = false;
    bool wait_for_topic_ = false;
    bool commits_first_ = false;
    duration commit_interval_ = std::chrono::seconds(1);
    duration revoke_timeout_ = std::chrono::seconds(10);
    duration authentication_timeout_ = std::chrono::seconds(10);
};

} // namespace corostream::kafka
