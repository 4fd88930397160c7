// Records that cannot be processed go to a topic of their own, and the rest is counted.

#include <corostream/kafka.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_events.hpp>
#include <support/kafka_run.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <stdexcept>
#include <string>

namespace {

namespace kafka = cs::kafka;
using kafka::message;

class DeadLetter : public testing::Test {
protected:
    kafka_cluster cluster;
    kafka_run run;
    std::string topic = cluster.topic(2), dead = cluster.topic(1), group = fresh_name("group");
    kafka::producer to{run.io.get_executor(), kafka::producer_options(cluster.brokers())};
};

/// Refuses every thousandth number.
int number_of(const message& m)
{
    const int number = std::stoi(std::string(m.value()));
    if (number % 1000 == 999) throw std::domain_error("unlucky " + std::string(m.value()));
    return number;
}

TEST_F(DeadLetter, GetsEachPoisonRecordOnceAndTheRestIsCounted)
{
    constexpr int count = 100'000;
    cluster.fill(topic, count, 2);
    kafka::consumer from(run.io.get_executor(),
        kafka::consumer_options(cluster.brokers(), topic).group(group).until_end());
    int told = 0;
    std::map<int, std::int64_t> counted;
    auto job = from.messages()
             | kafka::dead_letter(to, dead, [&](const kafka::poison_record&) { ++told; })
             | cs::map(number_of) | cs::window(100ms)
             | cs::count_by([](int n) { return n; })
             | cs::for_each([&](const auto& window) {
                   for (const auto& [n, times] : window) counted[n] += times;
               });
    run.finish(job.run());
    run.finish(from.close());
    run.finish(to.close());

    EXPECT_EQ(told, count / 1000);
    EXPECT_EQ(counted.size(), static_cast<std::size_t>(count - count / 1000));
    for (const auto& [n, times] : counted) ASSERT_EQ(times, 1) << n;
    std::map<std::string, int> letters;
    for (const auto& m : cluster.read_all(dead, 1)) {
        ++letters[*m.value];
        const std::map<std::string, std::optional<std::string>> headers(
            m.headers.begin(), m.headers.end());
        const int number = std::stoi(*m.value);
        EXPECT_EQ(headers.at("corostream.cause"), "unlucky " + *m.value);
        EXPECT_EQ(headers.at("corostream.topic"), topic);
        EXPECT_EQ(headers.at("corostream.partition"), std::to_string(number % 2));
        EXPECT_EQ(headers.at("corostream.offset"), std::to_string(number / 2));
    }
    EXPECT_EQ(letters.size(), static_cast<std::size_t>(count / 1000));
    for (const auto& [value, times] : letters) EXPECT_EQ(times, 1) << value;
    for (std::int32_t p = 0; p < 2; ++p)
        EXPECT_EQ(cluster.committed(group, topic, p), cluster.log_end(topic, p));
}

/// Every tenth record is late, and all of them are in one topic or the other, once.
TEST_F(DeadLetter, GetsWhatIsLateForAWindowThatRefusesIt)
{
    constexpr int count = 2000;
    for (int i = 0; i < count; ++i) {
        const auto number = std::to_string(i);
        const int time = i % 10 == 9 ? 1 + i : 10'000 + i; // in seconds
        const written_record r{
            .value = number, .partition = i % 2, .time_ms = time * std::int64_t{1000}};
        cluster.write(topic, r);
    }
    cluster.flush();
    kafka::consumer from(run.io.get_executor(),
        kafka::consumer_options(cluster.brokers(), topic).group(group).until_end());
    const auto refuse = [](const message&) { throw std::domain_error("late"); };
    std::size_t counted = 0;
    auto job = from.messages() | kafka::dead_letter(to, dead) | cs::event_time(10s)
             | cs::window(5s).late_to(refuse) | cs::count_by(&message::value)
             | cs::for_each([&](const auto& window) { counted += window.size(); });
    run.finish(job.run());
    run.finish(from.close());
    run.finish(to.close());

    const auto letters = cluster.read_all(dead, 1);
    std::set<std::string> late;
    for (const auto& m : letters) late.insert(*m.value);
    EXPECT_EQ(letters.size(), late.size());
    EXPECT_EQ(late.size(), std::size_t{count / 10});
    EXPECT_EQ(counted, std::size_t{count - count / 10});
    for (const auto& number : late) EXPECT_EQ(std::stoi(number) % 10, 9) << number;
    for (std::int32_t p = 0; p < 2; ++p)
        EXPECT_EQ(cluster.committed(group, topic, p), cluster.log_end(topic, p));
}

TEST_F(DeadLetter, IsTheRecordAsItWas)
{
    cluster.write(topic, {.key = "k", .value = std::nullopt, .partition = 0, .time_ms = 1234});
    cluster.flush();
    kafka::consumer from(run.io.get_executor(),
        kafka::consumer_options(cluster.brokers(), topic).until_end());
    // by value: the record is gone when the function throws
    const auto take = [](message m) -> int { throw m.partition(); };
    auto job = from.messages() | kafka::dead_letter(to, dead) | cs::map(take)
             | cs::for_each([](int) {});
    run.finish(job.run());
    run.finish(from.close());
    run.finish(to.close());
    const auto all = cluster.read_all(dead, 1);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].key, "k");
    EXPECT_EQ(all[0].value, std::nullopt);
    EXPECT_EQ(all[0].time, cs::time_point(1234ms));
    EXPECT_EQ(all[0].headers.at(0).second, "an exception without a text");
}

TEST_F(DeadLetter, ThatCannotBeDeliveredEndsTheStreamUncommitted)
{
    cluster.fill(topic, 2000, 2);
    kafka::consumer from(run.io.get_executor(),
        kafka::consumer_options(cluster.brokers(), topic).group(group).until_end());
    kafka::producer small(run.io.get_executor(),
        kafka::producer_options(cluster.brokers()).set("message.max.bytes", "1000"));
    cluster.write(topic, std::string(5000, 'x'), 0);
    cluster.flush();
    auto job = from.messages() | kafka::dead_letter(small, dead) | cs::map(number_of)
             | cs::for_each([](int) {});
    const auto failure = run.failure(run.start(job.run()));
    EXPECT_THAT(text_of(failure), testing::HasSubstr(dead));
    run.finish(from.close());
    run.finish(small.close());
    run.finish(to.close());
    EXPECT_LE(cluster.committed(group, topic, 0), 1000) << "not past what is in no topic";
}

} // namespace
