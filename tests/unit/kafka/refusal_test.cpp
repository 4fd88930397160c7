#include <corostream/kafka/detail/refusal.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using corostream::time_point;
using corostream::kafka::error;
using corostream::kafka::severity;
using corostream::kafka::detail::refusal;
using testing::HasSubstr;

const time_point start{100s};

error of(rd_kafka_resp_err_t code, const char* what) { return {code, severity::transient, what}; }

const auto wrong_password = of(RD_KAFKA_RESP_ERR__AUTHENTICATION, "b:9092/1: wrong password");
const auto no_tls = of(RD_KAFKA_RESP_ERR__SSL, "b:9092/1: SSL handshake failed");
const auto hung_up = of(RD_KAFKA_RESP_ERR__TRANSPORT,
    "ssl://b:9092/1: unexpected eof while reading (after 3ms in state SSL_HANDSHAKE)");
const auto not_there = of(RD_KAFKA_RESP_ERR__TRANSPORT,
    "ssl://b:9092/1: Connect to b:9092 failed: Connection refused (after 0ms in state CONNECT)");
const auto all_down = of(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "1/1 brokers are down");

TEST(Refusal, IsAFailureOnceItHasLasted)
{
    refusal r(10s);
    EXPECT_EQ(r.until(), corostream::never);
    EXPECT_TRUE(r.heard(wrong_password, start));
    EXPECT_TRUE(r.heard(wrong_password, start + 4s));
    EXPECT_EQ(r.until(), start + 10s);
    EXPECT_EQ(r.failure().code(), RD_KAFKA_RESP_ERR__AUTHENTICATION);
    EXPECT_EQ(r.failure().severity(), severity::fatal);
    EXPECT_STREQ(r.failure().what(), "b:9092/1: wrong password (refused for 10 s)");
}

TEST(Refusal, IsOverWhenABrokerAnswers)
{
    refusal r(10s);
    r.heard(no_tls, start);
    r.accepted();
    EXPECT_EQ(r.until(), corostream::never);
    r.heard(no_tls, start + 20s);
    EXPECT_EQ(r.until(), start + 30s);
}

TEST(Refusal, IsAlsoAListenerThatHangsUpOnTheHandshake)
{
    refusal r(1s);
    EXPECT_TRUE(r.heard(hung_up, start));
    EXPECT_FALSE(r.heard(all_down, start));
    EXPECT_EQ(r.until(), start + 1s);
    EXPECT_EQ(r.failure().code(), RD_KAFKA_RESP_ERR__SSL);
    EXPECT_THAT(r.failure().what(), HasSubstr("unexpected eof"));
}

TEST(Refusal, IsNoBrokerThatDiesInTheHandshake)
{
    refusal r(1s);
    r.heard(hung_up, start);
    EXPECT_FALSE(r.heard(not_there, start + 500ms));
    EXPECT_EQ(r.until(), corostream::never);
}

TEST(Refusal, StaysWhileOtherBrokersAreDown)
{
    refusal r(1s);
    r.heard(no_tls, start);
    r.heard(hung_up, start);
    EXPECT_FALSE(r.heard(not_there, start + 500ms));
    EXPECT_EQ(r.until(), start + 1s);
}

TEST(Refusal, IsNoOtherError)
{
    refusal r(1s);
    EXPECT_FALSE(r.heard(all_down, start));
    EXPECT_FALSE(r.heard(of(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "Test"), start));
    EXPECT_EQ(r.until(), corostream::never);
}

} // namespace
