// A process that counts by event time is killed again and again, and the count that it writes last
// for each window and value is that of a plain oracle, exactly: nothing is lost, counted twice or
// taken for late that was not late before.
//
// CRASH_KILLS sets how often (100; each test takes a tenth of that), CRASH_SEED repeats a run.

#include <support/environment.hpp>
#include <support/event_ledger.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

namespace {

using bounds = std::vector<std::pair<std::int64_t, std::int64_t>>;

constexpr std::int64_t second = 1'000'000;

/// The windows of `size` every `hop` that a time is in.
auto hopping(std::int64_t size, std::int64_t hop)
{
    return [=](std::int64_t time) {
        bounds all;
        for (auto begin = time / hop * hop; begin + size > time; begin -= hop)
            all.emplace_back(begin, begin + size);
        return all;
    };
}

auto cumulative(std::int64_t step, std::int64_t size)
{
    return [=](std::int64_t time) {
        bounds all;
        const auto begin = time / size * size;
        for (auto end = time / step * step + step; end <= begin + size; end += step)
            all.emplace_back(begin, end);
        return all;
    };
}

/// Kills the process while records come, 10 s of event time a second; then lets it finish. A kill
/// comes at any moment, also before the process has read anything.
template <class Expected>
void survives_kills(const std::string& kind, std::int64_t disorder_ms, Expected expected)
{
    auto random = random_from_environment("CRASH_SEED");
    const auto kills = std::max(number_from_environment("CRASH_KILLS", 100) / 10, 2U);
    kafka_cluster cluster;
    event_ledger ledger(cluster, kind, 1000);
    const std::vector<std::string> identity{"group.instance.id=event-counter"};
    for (unsigned i = 0; i < kills; ++i) {
        auto counter = ledger.start(identity);
        const auto until = std::chrono::steady_clock::now()
                         + std::chrono::milliseconds(100 + random() % 1200);
        while (std::chrono::steady_clock::now() < until) {
            for (int n = 0; n < 10; ++n) ledger.write(random, disorder_ms);
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        counter.kill();
    }
    ledger.close_windows();
    const auto wanted = expected(ledger);
    auto last = ledger.start(identity);
    const auto found = ledger.wait_for(wanted, std::chrono::seconds(60));
    last.send(SIGTERM);
    EXPECT_EQ(last.wait(std::chrono::seconds(10)), 0);

    std::size_t missing = 0, wrong = 0, unknown = 0;
    for (const auto& [place, count] : wanted) {
        const auto at = found.find(place);
        if (at == found.end()) ++missing;
        else if (at->second != count) ++wrong;
    }
    for (const auto& [place, count] : found)
        if (!wanted.contains(place)) ++unknown;
    std::cout << ledger.records() << " records, " << ledger.late << " late, " << ledger.updates
              << " allowed, " << kills
              << " kills, " << wanted.size() << " results, " << ledger.results_read
              << " read\n"
              << std::flush;
    EXPECT_GT(wanted.size(), 0U);
    EXPECT_EQ(missing, 0U);
    EXPECT_EQ(wrong, 0U);
    EXPECT_EQ(unknown, 0U);
}

TEST(EventCrash, TumblingWindowsAreThoseOfTheOracleHoweverOftenTheProcessIsKilled)
{
    survives_kills("tumbling:2000", 2500, [](event_ledger& l) {
        auto all = l.expected(hopping(2 * second, 2 * second));
        EXPECT_GT(l.late, 0U);
        return all;
    });
}

TEST(EventCrash, HoppingWindowsAreThoseOfTheOracleHoweverOftenTheProcessIsKilled)
{
    survives_kills("hopping:4000:1000", 2500,
        [](event_ledger& l) { return l.expected(hopping(4 * second, second)); });
}

TEST(EventCrash, TumblingWindowsThatAreToldAgainAreThoseOfTheOracleHoweverOftenTheProcessIsKilled)
{
    survives_kills("tumbling:2000:1000", 4500, [](event_ledger& l) {
        auto all = l.expected(hopping(2 * second, 2 * second), second);
        EXPECT_GT(l.updates, 0U);
        EXPECT_GT(l.late, 0U);
        return all;
    });
}

TEST(EventCrash, HoppingWindowsThatAreToldAgainAreThoseOfTheOracleHoweverOftenTheProcessIsKilled)
{
    survives_kills("hopping:2000:500:1000", 4500, [](event_ledger& l) {
        auto all = l.expected(hopping(2 * second, second / 2), second);
        EXPECT_GT(l.updates, 0U);
        EXPECT_GT(l.late, 0U);
        return all;
    });
}

TEST(EventCrash, WindowsWithoutRecordsAreThoseOfTheOracleHoweverOftenTheProcessIsKilled)
{
    survives_kills("empty:20", 2500, [](event_ledger& l) {
        auto all = l.expected_with_empty(second / 50);
        EXPECT_GT(l.gaps, 0U);
        EXPECT_GT(l.late, 0U);
        return all;
    });
}

TEST(EventCrash, TheGlobalWindowIsThatOfTheOracleHoweverOftenTheProcessIsKilled)
{
    survives_kills("global:1000", 2500, [](event_ledger& l) { return l.expected_global(second); });
}

TEST(EventCrash, CumulativeWindowsAreThoseOfTheOracleHoweverOftenTheProcessIsKilled)
{
    survives_kills("cumulative:1000:5000", 2500,
        [](event_ledger& l) { return l.expected(cumulative(second, 5 * second)); });
}

TEST(EventCrash, CumulativeWindowsThatAreToldAgainAreThoseOfTheOracleHoweverOftenTheProcessIsKilled)
{
    survives_kills("cumulative:500:2000:1000", 4500, [](event_ledger& l) {
        auto all = l.expected(cumulative(second / 2, 2 * second), second);
        EXPECT_GT(l.updates, 0U);
        EXPECT_GT(l.late, 0U);
        return all;
    });
}

TEST(EventCrash, WindowsInTwoBranchesAreThoseOfTheOracleHoweverOftenTheProcessIsKilled)
{
    survives_kills("split:4000:500", 2500, [](event_ledger& l) {
        const auto is_low = [](const auto& entry) { return std::get<2>(entry.first) < "k5"; };
        auto low = l.expected(hopping(4 * second, 4 * second));
        auto all = l.expected(hopping(4 * second, second / 2));
        std::erase_if(low, std::not_fn(is_low));
        std::erase_if(all, is_low);
        all.merge(low);
        return all;
    });
}

TEST(EventCrash, SessionsAreThoseOfTheOracleHoweverOftenTheProcessIsKilled)
{
    survives_kills("session:300", 2500, [](event_ledger& l) {
        auto all = l.expected_sessions(second * 3 / 10);
        EXPECT_GT(l.late, 0U);
        return all;
    });
}

TEST(EventCrash, SlidingWindowsAreThoseOfTheOracleHoweverOftenTheProcessIsKilled)
{
    survives_kills("sliding:1000", 2500, [](event_ledger& l) {
        auto all = l.expected_sliding(second);
        EXPECT_GT(l.late, 0U);
        return all;
    });
}

TEST(EventCrash, SessionsThatAreTakenBackAreThoseOfTheOracleHoweverOftenTheProcessIsKilled)
{
    survives_kills("session:300:5000", 2500, [](event_ledger& l) {
        auto all = l.expected_sessions(second * 3 / 10, 5 * second);
        EXPECT_GT(l.updates, 0U);
        EXPECT_EQ(l.late, 0U);
        return all;
    });
}

TEST(EventCrash, SlidingWindowsThatAreToldAgainAreThoseOfTheOracleHoweverOftenTheProcessIsKilled)
{
    survives_kills("sliding:1000:1000", 4500, [](event_ledger& l) {
        auto all = l.expected_sliding(second, second);
        EXPECT_GT(l.updates, 0U);
        EXPECT_GT(l.late, 0U);
        return all;
    });
}

TEST(EventCrash, WindowsOfElementsAreThoseOfTheOracleHoweverOftenTheProcessIsKilled)
{
    survives_kills("elements:7:7", 1000, [](event_ledger& l) { return l.expected_elements(7, 7); });
}

TEST(EventCrash, HoppingWindowsOfElementsAreThoseOfTheOracleHoweverOftenTheProcessIsKilled)
{
    survives_kills("elements:7:3", 1000, [](event_ledger& l) { return l.expected_elements(7, 3); });
}

} // namespace
