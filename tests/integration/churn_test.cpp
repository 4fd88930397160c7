// Members of a group come and go under load, and each record is counted exactly once. Before 2.10
// librdkafka may take a cooperative member's partitions for lost when it commits at a bad moment
// (librdkafka#4908), on a busy machine still: that member says so, and its share is counted again.
// CHURN_SECONDS sets for how long (60), CHURN_SEED repeats a run.

#include <support/child_process.hpp>
#include <support/environment.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_ledger.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;

class Churn : public testing::TestWithParam<const char*> {};

TEST_P(Churn, OfThreeMembersUnderLoadCountsEachRecordOnce)
{
    const std::chrono::seconds during(number_from_environment("CHURN_SECONDS", 60));
    auto random = random_from_environment("CHURN_SEED");

    kafka_cluster cluster;
    counting_ledger ledger(cluster, 6);
    const std::vector<std::string> protocol{
        std::string("partition.assignment.strategy=") + GetParam()};
    steady_load load(ledger, 20'000);
    std::vector<child_process> members;
    for (int i = 0; i < 3; ++i) {
        members.push_back(ledger.start(protocol));
        ledger.gone(); // the next one has a name of its own
    }
    const bool cooperative = GetParam() == std::string_view("cooperative-sticky");
    int changes = 0, losses = 0;
    const auto end = std::chrono::steady_clock::now() + during;
    while (std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1000 + random() % 3000));
        const auto at = static_cast<std::ptrdiff_t>(random() % members.size());
        auto leaving = std::move(members[static_cast<std::size_t>(at)]);
        members.erase(members.begin() + at);
        leaving.send(SIGTERM);
        EXPECT_EQ(leaving.wait(10s), 0);
        losses += leaving.times_printed("lost");
        std::this_thread::sleep_for(std::chrono::milliseconds(random() % 2000));
        members.push_back(ledger.start(protocol));
        ledger.gone();
        ++changes;
    }
    load.stop();
    EXPECT_TRUE(ledger.all_committed(60s));
    for (auto& member : members) member.send(SIGTERM);
    for (auto& member : members) {
        EXPECT_EQ(member.wait(10s), 0);
        losses += member.times_printed("lost");
    }

    const auto found = ledger.check();
    std::cout << found.records << " records, " << changes << " members left and came, " << losses
              << " lost their partitions\n"
              << std::flush;
    EXPECT_GT(found.records, 0U);
    EXPECT_EQ(found.lost, 0U) << found.first_lost;
    if (losses == 0) {
        EXPECT_EQ(found.counted_again, 0U);
    }
    EXPECT_LE(losses, cooperative && rd_kafka_version() < 0x020a00ff ? 1 : 0);
}

INSTANTIATE_TEST_SUITE_P(Protocols, Churn, testing::Values("range", "cooperative-sticky"),
    [](const auto& given) { return std::string(given.index ? "Cooperative" : "Eager"); });

/// A member that is frozen past its session timeout: the others count its share again, and when it
/// is back it neither loses nor commits anything, says so, and joins again.
TEST(Freeze, PastTheSessionTimeoutLosesNothing)
{
    kafka_cluster cluster;
    counting_ledger ledger(cluster, 4);
    const std::vector<std::string> short_session{
        "session.timeout.ms=6000", "heartbeat.interval.ms=500"};
    steady_load load(ledger, 2000);
    auto frozen = ledger.start(short_session);
    ASSERT_TRUE(frozen.printed("assigned"));
    ledger.gone();
    auto other = ledger.start(short_session);
    ASSERT_TRUE(other.printed("assigned"));
    std::this_thread::sleep_for(2s);
    frozen.send(SIGSTOP);
    ASSERT_TRUE(other.printed("assigned", 2, 30s)) << "it takes over";
    std::this_thread::sleep_for(1s);
    frozen.send(SIGCONT);
    EXPECT_TRUE(frozen.printed("lost", 1, 20s)) << "it says what happened";
    EXPECT_TRUE(frozen.printed("assigned", 3, 20s)) << "it joins again";
    std::this_thread::sleep_for(2s);
    load.stop();
    EXPECT_TRUE(ledger.all_committed(60s));
    for (auto* member : {&frozen, &other}) {
        member->send(SIGTERM);
        EXPECT_EQ(member->wait(10s), 0);
    }
    const auto found = ledger.check();
    std::cout << found.records << " records, " << found.counted_again << " counted again\n"
              << std::flush;
    EXPECT_EQ(found.lost, 0U) << found.first_lost;
}

} // namespace
