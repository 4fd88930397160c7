// A counting process is stopped under load again and again: each stop is quick, and each record is
// counted exactly once. STOP_TIMES sets how often (50), STOP_SEED repeats a run.

#include <support/child_process.hpp>
#include <support/environment.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_ledger.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <thread>

namespace {

using namespace std::chrono_literals;

TEST(Stop, UnderLoadIsQuickAndCountsEachRecordOnce)
{
    const auto times = number_from_environment("STOP_TIMES", 50);
    auto random = random_from_environment("STOP_SEED");

    kafka_cluster cluster;
    counting_ledger ledger(cluster, 2);
    steady_load load(ledger, 5000);
    std::chrono::steady_clock::duration longest{};
    for (unsigned i = 0; i < times; ++i) {
        auto counter = ledger.start();
        ASSERT_TRUE(counter.printed("ready"));
        // at any moment: while it joins, while it counts
        std::this_thread::sleep_for(std::chrono::milliseconds(20 + random() % 1000));
        const auto begin = std::chrono::steady_clock::now();
        counter.send(SIGTERM);
        EXPECT_EQ(counter.wait(5s), 0);
        longest = std::max(longest, std::chrono::steady_clock::now() - begin);
        ledger.gone();
    }
    load.stop();
    ledger.finish();

    const auto found = ledger.check();
    std::cout << found.records << " records, " << times << " stops, the longest "
              << std::chrono::duration_cast<std::chrono::milliseconds>(longest).count() << " ms\n"
              << std::flush;
    EXPECT_GT(found.records, 0U);
    EXPECT_EQ(found.lost, 0U) << found.first_lost;
    EXPECT_EQ(found.counted_again, 0U);
}

} // namespace
