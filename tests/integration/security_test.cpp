// Who we are, what we may do, and over which wire: what is refused ends with the cause.

#include <corostream/kafka.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_events.hpp>
#include <support/kafka_follow.hpp>
#include <support/kafka_node.hpp>
#include <support/kafka_run.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

namespace kafka = cs::kafka;
using kafka::consumer;
using kafka::consumer_options;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr auto right = "right-Secret-1";

/// Properties of a node whose clients prove who they are by a password.
constexpr auto with_passwords
    = "listener.security.protocol.map=PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT\n"
      "sasl.enabled.mechanisms=PLAIN\n"
      "sasl.mechanism.inter.broker.protocol=PLAIN\n"
      "listener.name.plaintext.plain.sasl.jaas.config="
      "org.apache.kafka.common.security.plain.PlainLoginModule required "
      "username=\"admin\" password=\"admin-Secret\" user_admin=\"admin-Secret\" "
      "user_alice=\"right-Secret-1\";\n";

property_map as(const std::string& user, const std::string& password)
{
    return {{"security.protocol", "sasl_plaintext"}, {"sasl.mechanisms", "PLAIN"},
        {"sasl.username", user}, {"sasl.password", password}};
}

template <class Options>
Options with(const property_map& properties, Options chosen)
{
    for (const auto& [key, value] : properties) chosen.set(key, value);
    return chosen;
}

TEST(Tls, ToAPortWithoutItEndsWithTheCause)
{
    kafka_cluster cluster;
    kafka_run run;
    const auto topic = cluster.topic(1);
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::string> values;
    consumer from(run.io.get_executor(), consumer_options(cluster.brokers(), topic)
                                             .set("security.protocol", "ssl")
                                             .authentication_timeout(1s));
    const auto failure = run.failure(run.start(follow(&from, &values)));
    run.finish(from.close());
    EXPECT_THAT(text_of(failure), AllOf(HasSubstr("SSL"), HasSubstr("refused for 1 s")));
    EXPECT_EQ(code_of(failure), RD_KAFKA_RESP_ERR__SSL);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);

    kafka::producer to(run.io.get_executor(), kafka::producer_options(cluster.brokers())
                                                  .set("security.protocol", "ssl")
                                                  .authentication_timeout(1s));
    EXPECT_EQ(code_of(run.failure(run.start(to.send(kafka::record(topic, "v"))))),
        RD_KAFKA_RESP_ERR__SSL);
    run.failure(run.start(to.close(1s)));
}

TEST(Authentication, ThatIsRefusedEndsWithTheCauseAndShowsNoSecret)
{
    constexpr auto wrong = "wrong-Secret-2";
    const kafka_node node(with_passwords);
    kafka_cluster cluster(node.brokers(), as("alice", right));
    const auto topic = cluster.topic(1);
    cluster.fill(topic, 10, 1);

    kafka_run run;
    auto heard = std::make_shared<heard_events>();
    auto watched = [&](auto chosen, const char* password) {
        return with(as("alice", password), std::move(chosen))
            .set("debug", "security,conf,broker")
            .authentication_timeout(2s)
            .on(heard_events::handlers(heard));
    };
    std::vector<std::string> values;
    {
        consumer from(run.io.get_executor(),
            watched(consumer_options(node.brokers(), topic).until_end(), right));
        run.finish(follow(&from, &values));
        EXPECT_EQ(values.size(), 10U);
        run.finish(from.close());
    }
    const auto begin = std::chrono::steady_clock::now();
    consumer from(run.io.get_executor(), watched(consumer_options(node.brokers(), topic), wrong));
    const auto failure = run.failure(run.start(follow(&from, &values)));
    EXPECT_EQ(code_of(failure), RD_KAFKA_RESP_ERR__AUTHENTICATION);
    EXPECT_THAT(text_of(failure), AllOf(HasSubstr("uthentication"), HasSubstr("refused for 2 s")));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 2s);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 8s);
    run.finish(from.close());

    kafka::producer to(
        run.io.get_executor(), watched(kafka::producer_options(node.brokers()), wrong));
    const auto refused = run.failure(run.start(to.send(kafka::record(topic, "v"))));
    EXPECT_EQ(code_of(refused), RD_KAFKA_RESP_ERR__AUTHENTICATION);
    run.failure(run.start(to.close(1s)));

    const auto shown = heard->all_text() + text_of(failure) + text_of(refused);
    EXPECT_THAT(shown, HasSubstr("sasl.password"));
    EXPECT_THAT(shown, AllOf(Not(HasSubstr(right)), Not(HasSubstr(wrong))));
}

/// Alice may do nothing until she is allowed to.
TEST(Authorization, ThatIsRefusedNamesTheTopicOrTheGroup)
{
    const kafka_node node(std::string(with_passwords)
                          + "authorizer.class.name="
                            "org.apache.kafka.metadata.authorizer.StandardAuthorizer\n"
                            "super.users=User:admin;User:ANONYMOUS\n");
    kafka_cluster admin(node.brokers(), as("admin", "admin-Secret"));
    const auto topic = admin.topic(1);
    admin.fill(topic, 10, 1);
    const auto allow = [&](rd_kafka_AclOperation_t what, rd_kafka_ResourceType_t kind,
                           const std::string& name) {
        admin.admin().allow("alice", what, kind, name);
    };

    kafka_run run;
    std::vector<std::string> values;
    const auto failure = [&](const char* group) {
        consumer from(run.io.get_executor(),
            with(as("alice", right),
                consumer_options(node.brokers(), topic).group(group).until_end()));
        const auto error = run.failure(run.start(follow(&from, &values)));
        run.finish(from.close());
        return error;
    };
    // one right is missing at a time: of two refusals either may come first
    allow(RD_KAFKA_ACL_OPERATION_READ, RD_KAFKA_RESOURCE_GROUP, "phones");
    auto refused = failure("phones");
    EXPECT_EQ(code_of(refused), RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) << text_of(refused);
    EXPECT_THAT(text_of(refused), HasSubstr(topic));

    allow(RD_KAFKA_ACL_OPERATION_READ, RD_KAFKA_RESOURCE_TOPIC, topic);
    refused = failure("tablets");
    EXPECT_EQ(code_of(refused), RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED) << text_of(refused);
    EXPECT_THAT(text_of(refused), HasSubstr("tablets"));
    EXPECT_TRUE(values.empty());

    refused = failure("phones");
    EXPECT_FALSE(refused) << text_of(refused);
    EXPECT_EQ(values.size(), 10U);

    // an idempotent producer needs the right to write to any topic, then that to its own
    for (auto code : {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
             RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED}) {
        kafka::producer to(run.io.get_executor(),
            with(as("alice", right), kafka::producer_options(node.brokers())));
        refused = run.failure(run.start(to.send(kafka::record(topic, "mine"))));
        EXPECT_EQ(code_of(refused), code) << text_of(refused);
        EXPECT_THAT(text_of(refused), HasSubstr(topic));
        run.finish(to.close());
        allow(RD_KAFKA_ACL_OPERATION_WRITE, RD_KAFKA_RESOURCE_TOPIC, "other");
    }
}

} // namespace
