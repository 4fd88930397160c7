#include <corostream/kafka/error.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

namespace kafka = corostream::kafka;
using kafka::severity;

TEST(Error, WhatCannotHealByWaitingIsFatal)
{
    for (auto code : {RD_KAFKA_RESP_ERR__FATAL, RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET,
             RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
             RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
             RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
             RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
             RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID,
             RD_KAFKA_RESP_ERR__BAD_MSG})
        EXPECT_EQ(kafka::severity_of(code), severity::fatal) << rd_kafka_err2name(code);
}

TEST(Error, WhatLibrdkafkaTriesAgainIsTransient)
{
    for (auto code : {RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
             RD_KAFKA_RESP_ERR__RESOLVE, RD_KAFKA_RESP_ERR__TIMED_OUT,
             RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
             RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED,
             RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR__AUTHENTICATION,
             RD_KAFKA_RESP_ERR__SSL})
        EXPECT_EQ(kafka::severity_of(code), severity::transient) << rd_kafka_err2name(code);
}

TEST(Error, OfAuthenticationAndOfReachingAreToldApart)
{
    EXPECT_TRUE(kafka::is_authentication_failure(RD_KAFKA_RESP_ERR__AUTHENTICATION));
    EXPECT_TRUE(kafka::is_authentication_failure(RD_KAFKA_RESP_ERR__SSL));
    EXPECT_TRUE(kafka::is_authentication_failure(RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED));
    EXPECT_FALSE(kafka::is_authentication_failure(RD_KAFKA_RESP_ERR__TRANSPORT));
    EXPECT_TRUE(kafka::is_unreachable(RD_KAFKA_RESP_ERR__TRANSPORT));
    EXPECT_TRUE(kafka::is_unreachable(RD_KAFKA_RESP_ERR__TIMED_OUT));
    EXPECT_FALSE(kafka::is_unreachable(RD_KAFKA_RESP_ERR__SSL));
}

TEST(Error, SaysWhereAndWhat)
{
    const kafka::error e(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "topic phones");
    EXPECT_STREQ(e.what(), "topic phones: Broker: Unknown topic or partition");
    EXPECT_EQ(e.code(), RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    EXPECT_EQ(e.severity(), severity::fatal);
}

TEST(Error, EscapesTextFromTheNetworkOnce)
{
    const kafka::error e(
        RD_KAFKA_RESP_ERR__TRANSPORT, severity::transient, "broker \x1b[2J\xff said\nno");
    EXPECT_STREQ(e.what(), "broker \\x1b[2J\\xff said\\x0ano");
    const kafka::error copy = e; // NOLINT: as an exception is copied
    EXPECT_STREQ(copy.what(), e.what());
}

} // namespace
