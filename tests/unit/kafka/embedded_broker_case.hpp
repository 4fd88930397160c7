#pragma once

#include <corostream/kafka.hpp>
#include <corostream/testing/embedded_broker.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_events.hpp>
#include <support/kafka_follow.hpp>
#include <support/kafka_run.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace kafka = cs::kafka;

/// Everything that a test on the embedded broker needs; ends with no thread of librdkafka's left
/// but the broker's own.
class embedded_broker_case : public testing::Test {
protected:
    explicit embedded_broker_case(int partitions = 2)
        : broker("Test", partitions)
        , bare(broker.bootstrap())
    {
        bare.partitions_of("Test"); // once it is connected it has all its threads
        threads = rd_kafka_thread_cnt();
    }
    ~embedded_broker_case() override
    {
        EXPECT_TRUE(nothing_runs())
            << rd_kafka_thread_cnt() - threads << " threads of librdkafka's are left";
    }

    /// True once every client of ours has been destroyed, which happens on other threads.
    bool nothing_runs()
    {
        // a client has three at the least; the bare one may get two more
        return run->wait([&] { return rd_kafka_thread_cnt() <= threads + 2; }, 20s);
    }

    kafka::consumer_options options() const
    {
        return kafka::consumer_options(broker.bootstrap(), "Test")
            .set("fetch.wait.max.ms", "10")
            .set("reconnect.backoff.max.ms", "100")
            .on(heard_events::handlers(heard));
    }
    /// In a group: the broker takes 3 s to form one.
    kafka::consumer_options in_group() const
    {
        return options()
            .group("group")
            .set("session.timeout.ms", "3200")
            .set("heartbeat.interval.ms", "200")
            .commit_interval(50ms);
    }
    kafka::producer_options to() const
    {
        return kafka::producer_options(broker.bootstrap())
            .set("reconnect.backoff.max.ms", "100")
            .set("linger.ms", "0")
            .on(heard_events::handlers(heard));
    }
    auto executor() { return run->io.get_executor(); }

    cs::testing::embedded_broker broker;
    kafka_cluster bare; ///< writes and reads without us
    int threads = 0;
    std::unique_ptr<kafka_run> run = std::make_unique<kafka_run>();
    std::shared_ptr<heard_events> heard = std::make_shared<heard_events>();
};
