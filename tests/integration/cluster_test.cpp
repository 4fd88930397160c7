// Three brokers that die, freeze and are started again one after the other, under load: nothing is
// lost, no pipeline ends, and what is produced stays in order.

#include <corostream/kafka.hpp>
#include <support/child_process.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_ledger.hpp>
#include <support/kafka_node.hpp>
#include <support/kafka_run.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstddef>
#include <exception>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace kafka = cs::kafka;

constexpr int partitions = 3;

/// Writes 0, 1, 2 and so on round the partitions, 1,000 a second, until it is stopped.
asio::awaitable<void> write_on(
    kafka::producer* to, std::string topic, const std::atomic<bool>* stopped, int* written)
{
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!*stopped) {
        for (int i = 0; i < 10; ++i, ++*written) {
            const auto text = std::to_string(*written);
            kafka::record r(topic, text);
            r.partition(*written % partitions);
            co_await to->enqueue(r);
        }
        timer.expires_after(10ms);
        co_await timer.async_wait(asio::use_awaitable);
    }
    co_await to->flush(60s);
}

/// Our producer, on a thread and a loop of its own.
class producing {
public:
    producing(const std::string& brokers, const std::string& topic)
        : thread_([this, brokers, topic] {
            try {
                kafka_run run;
                kafka::producer to(run.io.get_executor(), kafka::producer_options(brokers));
                const auto writing = run.start(write_on(&to, topic, &stopped_, &written_));
                run.finish(writing, 300s);
                run.finish(to.close());
            } catch (const std::exception& e) {
                ADD_FAILURE() << e.what();
            }
        })
    {
    }
    producing(const producing&) = delete;
    producing& operator=(const producing&) = delete;
    ~producing() { stop(); }

    /// How many records it wrote.
    int stop()
    {
        stopped_ = true;
        if (thread_.joinable()) thread_.join();
        return written_;
    }

private:
    std::atomic<bool> stopped_ = false;
    int written_ = 0;
    std::thread thread_;
};

TEST(Cluster, OfBrokersThatComeAndGoLosesNothingAndKeepsTheOrder)
{
    const kafka_node nodes({}, 3);
    kafka_cluster cluster(nodes.brokers());
    counting_ledger ledger(cluster, partitions);
    auto counter = ledger.start();
    ASSERT_TRUE(counter.printed("assigned"));
    producing load(nodes.brokers(), ledger.topic());
    std::this_thread::sleep_for(2s);
    nodes.kill(1);
    std::this_thread::sleep_for(5s);
    nodes.boot(1);
    std::this_thread::sleep_for(3s);
    nodes.freeze(2);
    std::this_thread::sleep_for(12s); // past its session with the controller
    nodes.thaw(2);
    std::this_thread::sleep_for(5s);
    for (int node = 1; node <= 3; ++node) { // as one restarts them for an update
        cluster.wait_until_in_sync(ledger.topic());
        nodes.kill(node);
        std::this_thread::sleep_for(1s);
        nodes.boot(node);
    }
    cluster.wait_until_in_sync(ledger.topic());
    ledger.wrote(load.stop());
    EXPECT_TRUE(ledger.all_committed(60s));
    counter.send(SIGTERM);
    EXPECT_EQ(counter.wait(10s), 0) << "it is still there";

    std::vector<int> next(partitions, -1);
    int disordered = 0;
    cluster.for_each_message(ledger.topic(), partitions, [&](const kafka::message& m) {
        const int value = std::stoi(std::string(m.value()));
        auto& expected = next[static_cast<std::size_t>(m.partition())];
        if (expected < 0) expected = m.partition();
        disordered += value != expected;
        expected = value + partitions;
    });
    EXPECT_EQ(disordered, 0);
    const auto found = ledger.check();
    std::cout << found.records << " records, " << found.counted_again << " counted again\n";
    EXPECT_GT(found.records, 10'000U);
    EXPECT_EQ(found.lost, 0U) << found.first_lost;
}

} // namespace
