#pragma once

#include <corostream/kafka/detail/handle.hpp>

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>

namespace corostream::kafka::detail {

/// Knows when a cooperative consumer joins its group, which librdkafka does without a word while
/// the consumer goes on reading, and when not to disturb it:
/// - A commit that is sent behind the request to join is answered after it, as one of an old
///   generation; before 2.10 librdkafka then takes the whole assignment for lost, and everything
///   since the last commit is read again (librdkafka#4908).
/// - Up to 2.2 a client that is destroyed between joining and its first assignment ends the process
///   (librdkafka#4312).
/// - A client that is closed while an assignment waits for its answer may never be done with it.
///
/// librdkafka's threads write it, by way of an interceptor; anyone may ask.
class group_watch {
public:
    /// Watches the client that is made from `conf`. Must outlive it.
    void attach(rd_kafka_conf_t* conf)
    {
        if (!is_cooperative(conf)) return;
        const auto beats = std::chrono::milliseconds(
            std::atoi(property_of(conf, "heartbeat.interval.ms").c_str()));
        margin_ = std::min<clock::duration>(std::chrono::milliseconds(100), beats / 10);
        rd_kafka_conf_interceptor_add_on_new(conf, "corostream", &group_watch::on_new, this);
    }

    /// Whether the client's group changes a few partitions at a time, or may.
    static bool is_cooperative(const rd_kafka_conf_t* conf)
    {
        return property_of(conf, "partition.assignment.strategy").find("cooperative")
            != std::string::npos;
    }

    /// True from asking to join a group until the assignment has come to us.
    bool joining() const { return asked_; }

    /// False while the consumer joins, and when it may be about to: it is a heartbeat's answer that
    /// says so, and then it joins at once, unless it did so less than a second ago; then a second
    /// after that. How soon librdkafka's thread sends the request on a busy machine, nobody can
    /// say: a tenth of a second is left for it.
    bool may_commit() const
    {
        using namespace std::chrono_literals;
        if (asked_ || unanswered_ > 0) return false; // before the times are read
        const auto now = clock::now();
        const auto after_beat = now - answered_.load(), after_join = now - join_.load();
        return after_beat > margin_ && (after_join < 900ms || after_join > 1300ms);
    }

    /// True while the client may not be closed or destroyed.
    bool must_live() const { return rd_kafka_version() < 0x020300ff && joined_ && !assigned_; }

    /// librdkafka told of an assignment.
    void assigned()
    {
        assigned_ = true;
        asked_ = false;
    }

    /// The consumer is being closed: an answer to join is not looked at any more.
    void leaving() { leaving_ = true; }

    /// Waits until the client may be destroyed; for threads that may block.
    void wait_until_safe() const
    {
        using namespace std::chrono_literals;
        while (must_live()) std::this_thread::sleep_for(50ms);
    }

private:
    using clock = std::chrono::steady_clock;
    // Kafka's numbers of these requests
    static constexpr std::int16_t join_group = 11, heartbeat = 12;

    static rd_kafka_resp_err_t on_new(
        rd_kafka_t* rk, const rd_kafka_conf_t*, void* self, char*, std::size_t)
    {
        rd_kafka_interceptor_add_on_request_sent(rk, "corostream", &group_watch::on_request, self);
        rd_kafka_interceptor_add_on_response_received(
            rk, "corostream", &group_watch::on_response, self);
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    }

    static rd_kafka_resp_err_t on_request(rd_kafka_t*, int, const char*, std::int32_t,
        std::int16_t key, std::int16_t, std::int32_t, std::size_t, void* self)
    {
        auto& watch = *static_cast<group_watch*>(self);
        if (key == join_group) {
            watch.join_ = clock::now();
            watch.asked_ = true;
        } else if (key == heartbeat) {
            watch.unanswered_ = 2;
            watch.assigned_ = true; // it is sent only between an assignment and the next joining
        }
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    }

    static rd_kafka_resp_err_t on_response(rd_kafka_t*, int, const char*, std::int32_t,
        std::int16_t key, std::int16_t, std::int32_t, std::size_t, std::int64_t,
        rd_kafka_resp_err_t, void* self)
    {
        auto& watch = *static_cast<group_watch*>(self);
        if (key == join_group && !watch.leaving_) watch.joined_ = true;
        if (key != heartbeat) return RD_KAFKA_RESP_ERR_NO_ERROR;
        watch.answered_ = clock::now();
        // told twice: by the thread that received it, then by the one that is about to look at it
        if (watch.unanswered_ > 0) --watch.unanswered_;
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    }

    clock::duration margin_{};
    std::atomic<clock::time_point> answered_{}, join_{};
    std::atomic<int> unanswered_ = 0; // how often a heartbeat's answer is still to be told of
    std::atomic<bool> asked_ = false, joined_ = false, assigned_ = false, leaving_ = false;
};

} // namespace corostream::kafka::detail
