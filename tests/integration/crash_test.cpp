// A counting process is killed again and again, and nothing is lost: each record is in at least one
// count, and only what was not committed is counted again.
//
// CRASH_KILLS sets how often (100), CRASH_SEED repeats a run.

#include <support/environment.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_ledger.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace {

/// Kills a process with these arguments so often, under load, and lets the last one finish.
counting_ledger::verdict after_kills(unsigned kills, const std::vector<std::string>& arguments)
{
    auto random = random_from_environment("CRASH_SEED");

    kafka_cluster cluster;
    counting_ledger ledger(cluster, 2);
    steady_load load(ledger, 1000);
    for (unsigned i = 0; i < kills; ++i) {
        auto counter = ledger.start(arguments);
        std::this_thread::sleep_for(std::chrono::milliseconds(100 + random() % 1100));
        counter.kill();
        ledger.gone();
    }
    load.stop();
    ledger.finish(arguments);

    const auto found = ledger.check();
    std::cout << found.records << " records, " << kills << " kills, " << found.counted_again
              << " counted again, " << found.lost << " lost\n"
              << std::flush;
    return found;
}

TEST(Crash, LosesNothingHoweverOftenTheProcessIsKilled)
{
    const auto found
        = after_kills(number_from_environment("CRASH_KILLS", 100), {"group.instance.id=counter"});
    EXPECT_GT(found.records, 0U);
    EXPECT_EQ(found.lost, 0U) << found.first_lost;
    EXPECT_EQ(found.wrongly_again, 0U) << "counted again though committed";
}

TEST(Crash, CountsNothingAgainThatIsReadAtMostOnce)
{
    const auto found = after_kills(number_from_environment("CRASH_KILLS", 100) / 5,
        {"at_most_once", "group.instance.id=counter"});
    EXPECT_GT(found.records, found.lost);
    EXPECT_EQ(found.counted_again, 0U);
}

} // namespace
