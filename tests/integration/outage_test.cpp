// A broker that goes away ends nothing, and what comes back goes on where it was.

#include <corostream/kafka.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_events.hpp>
#include <support/kafka_follow.hpp>
#include <support/kafka_node.hpp>
#include <support/kafka_run.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace {

namespace kafka = cs::kafka;
using kafka::consumer;
using kafka::consumer_options;
using testing::HasSubstr;

TEST(Outage, AtFirstAndInMidStreamLosesNothing)
{
    const kafka_node node;
    std::string topic;
    {
        kafka_cluster cluster(node.brokers());
        topic = cluster.topic(2);
        cluster.fill(topic, 1000, 2);
        cluster.commit("group", topic, 0, 0);
    }
    node.kill();

    kafka_run run;
    auto heard = std::make_shared<heard_events>(), heard_writing = std::make_shared<heard_events>();
    std::vector<std::string> values;
    auto chosen = consumer_options(node.brokers(), topic)
                      .group("group")
                      .commit_interval(100ms)
                      .set("heartbeat.interval.ms", "500")
                      .set("reconnect.backoff.max.ms", "500")
                      .on(heard_events::handlers(heard));
    consumer from(run.io.get_executor(), chosen);
    auto reading = run.start(follow(&from, &values));
    ASSERT_TRUE(run.wait([&] { return !heard->errors.empty(); }, 5s)) << "it is told within 5 s";
    EXPECT_THAT(heard->all_text(), HasSubstr(node.brokers()));
    for (const auto& e : heard->errors)
        EXPECT_EQ(e.severity(), kafka::severity::transient) << e.what();
    node.boot();
    ASSERT_TRUE(run.wait([&] { return values.size() >= 1000; }, 60s)) << heard->all_text();

    kafka::producer to(run.io.get_executor(), kafka::producer_options(node.brokers())
                                                  .set("reconnect.backoff.max.ms", "500")
                                                  .on(heard_events::handlers(heard_writing)));
    std::vector<task_handle<kafka::delivery>> sends;
    std::vector<std::string> texts;
    for (int i = 0; i < 3000; ++i) texts.push_back("after" + std::to_string(i));
    for (int i = 0; i < 3000; ++i) {
        sends.push_back(
            run.start(to.send(kafka::record(topic, texts[static_cast<std::size_t>(i)]))));
        if (i == 1000) {
            ASSERT_TRUE(run.wait([&] { return sends.front()->done(); }));
        }
        if (i == 1500) node.kill();
        if (i % 100 == 0) run.pass(5ms);
    }
    EXPECT_FALSE(reading->done());
    node.boot();
    for (auto& s : sends) run.finish(s, 60s);
    const auto all_seen
        = [&] { return std::set<std::string>(values.begin(), values.end()).size() == 4000; };
    EXPECT_TRUE(run.wait(all_seen, 60s)) << values.size();
    EXPECT_FALSE(reading->done());
    from.stop();
    run.finish(reading);
    run.finish(from.close(10s));
    run.finish(to.close());

    kafka_cluster cluster(node.brokers());
    EXPECT_EQ(cluster.log_end(topic, 0) + cluster.log_end(topic, 1), 4000)
        << "the producer is idempotent";
    for (std::int32_t p = 0; p < 2; ++p)
        EXPECT_EQ(cluster.committed("group", topic, p), cluster.log_end(topic, p))
            << heard->all_text();
    EXPECT_TRUE(heard->lost.empty()) << "the session outlasts the outage";
}

} // namespace
