#pragma once

#include <corostream/kafka/consumer_options.hpp>
#include <corostream/kafka/detail/client.hpp>
#include <corostream/kafka/detail/helper_thread.hpp>
#include <corostream/kafka/topic_partition.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace corostream::kafka::detail {

/// The cluster's answer to a blocking question.
template <class T>
struct answer {
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    std::string subject; ///< what the code is about
    T value{};
};

inline int milliseconds(duration d)
{
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(d).count();
    return static_cast<int>(std::clamp<std::int64_t>(ms, 1, 3'600'000));
}

/// Asks `question()` on a helper thread, for `timeout` at the most, and not longer than the client
/// lives. Throws `error` when the cluster did not answer, or answered with an error, and what ended
/// the client.
template <class Question>
auto ask(client* c, Question question, std::string what, duration timeout)
    -> asio::awaitable<decltype(question().value)>
{
    if (c->failure()) throw error(*c->failure()); // and no thread begun that would outlast it
    // the call has the timeout itself
    auto until = c->clock().now() + timeout + std::chrono::seconds(1);
    auto reply = co_await on_helper_thread(std::move(question), until, &c->changed(), &c->ending());
    if (!reply && c->failure()) throw error(*c->failure());
    if (!reply) throw error(RD_KAFKA_RESP_ERR__TIMED_OUT, what);
    if (reply->code != RD_KAFKA_RESP_ERR_NO_ERROR)
        throw error(reply->code, reply->subject.empty() ? what : reply->subject);
    c->accepted();
    co_return std::move(reply->value);
}

/// The partitions of `topics`, in order of topic and number.
inline auto describe(client& c, std::vector<std::string> topics, duration timeout)
{
    auto question = [rk = c.share(), topics, timeout] {
        answer<std::vector<topic_partition>> found;
        for (const auto& topic : topics) {
            found.subject = "topic " + topic;
            const topic_handle handle(rd_kafka_topic_new(rk.get(), topic.c_str(), nullptr));
            if (!handle) {
                found.code = rd_kafka_last_error();
                return found;
            }
            const rd_kafka_metadata_t* metadata = nullptr;
            found.code
                = rd_kafka_metadata(rk.get(), 0, handle.get(), &metadata, milliseconds(timeout));
            if (found.code != RD_KAFKA_RESP_ERR_NO_ERROR) {
                found.subject.clear();
                return found;
            }
            const auto before = found.value.size();
            for (int t = 0; t < metadata->topic_cnt; ++t) {
                const auto& about = metadata->topics[t];
                found.code = about.err;
                for (int i = 0; i < about.partition_cnt; ++i)
                    found.value.push_back({topic, about.partitions[i].id, -1});
            }
            rd_kafka_metadata_destroy(metadata);
            const bool nothing
                = found.code == RD_KAFKA_RESP_ERR_NO_ERROR && found.value.size() == before;
            if (nothing) found.code = RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE; // being created
            if (found.code != RD_KAFKA_RESP_ERR_NO_ERROR) return found;
        }
        std::sort(found.value.begin(), found.value.end(), [](const auto& a, const auto& b) {
            return std::tie(a.topic, a.partition) < std::tie(b.topic, b.partition);
        });
        return found;
    };
    return ask(&c, std::move(question), "asking the cluster for the topic", timeout);
}

inline list_handle to_list(const std::vector<topic_partition>& partitions)
{
    list_handle list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
    for (const auto& p : partitions) {
        auto* to = rd_kafka_topic_partition_list_add(list.get(), p.topic.c_str(), p.partition);
        to->offset = p.offset;
        if (p.metadata.empty()) continue;
        to->metadata = strdup(p.metadata.c_str()); // which the list owns
        to->metadata_size = p.metadata.size();
    }
    return list;
}

inline std::vector<topic_partition> from_list(const rd_kafka_topic_partition_list_t* list)
{
    std::vector<topic_partition> partitions;
    for (int i = 0; list && i < list->cnt; ++i) {
        const auto& from = list->elems[i];
        partitions.push_back({from.topic, from.partition, from.offset});
        auto& to = partitions.back();
        if (from.metadata)
            to.metadata.assign(static_cast<const char*>(from.metadata), from.metadata_size);
    }
    return partitions;
}

/// The log ends of `partitions`, as their offsets: one request a broker, since an answer may have
/// to wait for that of a fetch.
inline auto log_ends(client& c, std::vector<topic_partition> partitions, duration timeout)
{
    for (auto& p : partitions) p.offset = RD_KAFKA_OFFSET_END; // stands for a time here
    auto question = [rk = c.share(), partitions, timeout] {
        answer<std::vector<topic_partition>> found;
        if (partitions.empty()) return found;
        const auto list = to_list(partitions);
        found.code = rd_kafka_offsets_for_times(rk.get(), list.get(), milliseconds(timeout));
        found.value = from_list(list.get());
        for (int i = 0; i < list->cnt && found.code == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
            const auto& p = list->elems[i];
            found.code = p.err;
            found.subject = std::string("asking for the log end of ") + p.topic + " ["
                          + std::to_string(p.partition) + "]";
        }
        return found;
    };
    return ask(&c, std::move(question), "asking for the log end", timeout);
}

/// The group's committed offsets of `partitions`; `RD_KAFKA_OFFSET_INVALID` where there is none.
inline auto committed_offsets(client& c, std::vector<topic_partition> partitions, duration timeout)
{
    auto question = [rk = c.share(), partitions, timeout] {
        answer<std::vector<topic_partition>> found;
        const auto list = to_list(partitions);
        found.code = rd_kafka_committed(rk.get(), list.get(), milliseconds(timeout));
        for (int i = 0; i < list->cnt && found.code == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
            found.code = list->elems[i].err;
        found.value = from_list(list.get());
        return found;
    };
    return ask(&c, std::move(question), "asking for the group's committed offsets", timeout);
}

} // namespace corostream::kafka::detail
