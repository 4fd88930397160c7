// The job that this project began from, on a real Kafka and in real time.

#include <corostream/kafka.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_events.hpp>
#include <support/kafka_run.hpp>
#include <support/phone_job.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace {

namespace kafka = cs::kafka;
using phone_job::expected_window;

constexpr auto window_size = phone_job::window_size;

/// The job itself, as a user writes it.
asio::awaitable<void> count_phones(
    kafka::consumer* phones, cs::time_point* begin, std::vector<expected_window>* seen)
{
    auto counts
        = phones->messages() | cs::window(window_size)
        | cs::map([](const kafka::message& m) { return std::pair{std::string(m.value()), 1}; })
        | cs::reduce_by_key(std::plus{});

    while (auto window = co_await counts.next()) {
        EXPECT_EQ(window->end_time() - window->begin_time(), window_size);
        const auto offset = window->begin_time() - *begin;
        expected_window w{std::chrono::floor<std::chrono::seconds>(offset), {}};
        for (const auto& [phone, count] : *window) w.rows.emplace_back(phone, count);
        seen->push_back(std::move(w));
    }
}

asio::awaitable<void> send_phones(
    kafka::producer* to, std::vector<std::string> topics, cs::time_point begin)
{
    auto executor = co_await asio::this_coro::executor;
    auto& clock = cs::clock::of(executor);
    cs::wakeup nobody(executor);
    for (const auto& m : phone_job::messages) {
        const auto when = begin + m.at;
        while (clock.now() < when) co_await nobody.wait(when);
        for (const auto& topic : topics) co_await to->send(kafka::record(topic, m.phone));
    }
}

TEST(PhoneJob, PrintsTheseWindowsOnARealKafka)
{
    kafka_cluster cluster;
    kafka_run run;
    const auto one = cluster.topic(1), two = cluster.topic(2);
    auto heard_one = std::make_shared<heard_events>(), heard_two = std::make_shared<heard_events>();
    auto options = [&](const std::string& topic, const auto& heard) {
        return kafka::consumer_options(cluster.brokers(), topic)
            .group(fresh_name("phones"))
            .on(heard_events::handlers(heard));
    };
    kafka::consumer from_one(run.io.get_executor(), options(one, heard_one));
    kafka::consumer from_two(run.io.get_executor(), options(two, heard_two));
    kafka::producer producer(run.io.get_executor(), kafka::producer_options(cluster.brokers()));
    ASSERT_TRUE(
        run.wait([&] { return heard_one->partitions() == 1 && heard_two->partitions() == 2; }));

    // so that the first send is as fast as any
    for (const auto& topic : {one, two}) run.finish(producer.describe(topic, 10s));
    const auto ready = run.now() + 300ms;
    auto begin = ready - ready.time_since_epoch() % window_size + window_size;
    std::vector<expected_window> windows, of_two;
    auto counting = run.start(count_phones(&from_one, &begin, &windows));
    auto counting_two = run.start(count_phones(&from_two, &begin, &of_two));
    run.finish(send_phones(&producer, {one, two}, begin), 60s);
    const auto expected = phone_job::windows();
    ASSERT_TRUE(run.wait(
        [&] { return windows.size() >= expected.size() && of_two.size() >= expected.size(); }));
    EXPECT_EQ(windows, expected);

    // a key's place in a window is by partition first, so with two only the counts are sure
    auto sorted = expected;
    for (auto* all : {&sorted, &of_two})
        for (auto& w : *all) std::sort(w.rows.begin(), w.rows.end());
    EXPECT_EQ(of_two, sorted);

    from_one.stop();
    from_two.stop();
    run.finish(counting);
    run.finish(counting_two);
    EXPECT_EQ(windows.size(), expected.size()) << "nothing more at a stop";
    run.finish(from_one.close());
    run.finish(from_two.close());
    run.finish(producer.close());
    EXPECT_TRUE(heard_one->errors.empty()) << heard_one->all_text();
}

} // namespace
