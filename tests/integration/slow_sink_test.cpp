// A sink that stalls or fails holds its source back: nothing past it is committed, the member stays
// in its group, and memory has a bound. STALL_SECONDS sets how long (30).

#include <corostream/kafka.hpp>
#include <support/environment.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_events.hpp>
#include <support/kafka_run.hpp>

#include <boost/asio/steady_timer.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

namespace kafka = cs::kafka;

/// Megabytes of memory that this process has now.
double resident_megabytes()
{
    std::ifstream statm("/proc/self/statm");
    double total = 0, resident = 0;
    statm >> total >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

class SlowSink : public testing::Test {
protected:
    static constexpr int partitions = 2, count = 200'000, bytes = 200;

    void SetUp() override
    {
        for (int i = 0; i < count; ++i)
            cluster.write(topic, std::string(bytes, 'x'), i % partitions);
        cluster.flush();
    }

    kafka::consumer_options options() const
    {
        return kafka::consumer_options(cluster.brokers(), topic)
            .group(group)
            .commit_interval(100ms)
            .set("session.timeout.ms", "6000")
            .set("queued.max.messages.kbytes", "1024")
            .on(heard_events::handlers(heard));
    }
    std::int64_t committed()
    {
        return cluster.committed_in_all(group, topic, partitions);
    }

    kafka_cluster cluster;
    kafka_run run;
    std::string topic = cluster.topic(partitions), group = fresh_name("group");
    std::shared_ptr<heard_events> heard = std::make_shared<heard_events>();
};

/// Reads everything, but rests for `how_long` after the first `before`.
asio::awaitable<void> read_with_a_rest(
    kafka::consumer* from, std::int64_t before, std::chrono::seconds how_long, std::int64_t* read)
{
    asio::steady_timer rest(co_await asio::this_coro::executor);
    auto sizes
        = from->messages() | cs::map([](const kafka::message& m) { return m.value().size(); });
    while (co_await sizes.next()) {
        if (++*read != before) continue;
        rest.expires_after(how_long);
        co_await rest.async_wait(asio::use_awaitable);
    }
}

/// Longer than the session: a member that is taken for dead would lose its partitions.
TEST_F(SlowSink, ThatStallsStaysInItsGroupWithNothingMoreCommittedAndLittleMemory)
{
    const std::chrono::seconds stall(number_from_environment("STALL_SECONDS", 30));
    constexpr std::int64_t before = 20'000;
    kafka::consumer from(run.io.get_executor(), options());
    std::int64_t read = 0;
    auto reading = run.start(read_with_a_rest(&from, before, stall, &read));
    ASSERT_TRUE(run.wait([&] { return read == before; }));
    run.pass(1s);
    const auto megabytes = resident_megabytes();
    run.pass(stall - 2s);
    EXPECT_LT(resident_megabytes() - megabytes, 10) << "of 40 that are to be read";
    EXPECT_EQ(read, before);
    EXPECT_LT(committed(), before) << "the one at hand has not been acknowledged";
    EXPECT_EQ(heard->partitions(), 2U);
    EXPECT_TRUE(run.wait([&] { return read == count; }));
    from.stop();
    run.finish(reading);
    run.finish(from.close());
    EXPECT_EQ(committed(), count);
    EXPECT_TRUE(heard->lost.empty());
    EXPECT_TRUE(heard->errors.empty()) << heard->all_text();
}

TEST_F(SlowSink, ThatIsTriedAgainGetsEachRecordInOrder)
{
    kafka::consumer from(run.io.get_executor(), options());
    // away for 8 s, longer than the session; then it takes one in ten for a while
    const auto back = std::chrono::steady_clock::now() + 8s;
    std::int64_t read = 0, calls = 0, retries = 0;
    std::vector<std::int64_t> next(partitions);
    auto policy = cs::retry().delays(1ms, 20ms);
    policy.on_retry([&](const std::exception_ptr&, int, cs::duration) { ++retries; });
    const auto store = [&](const kafka::message& m) {
        if (std::chrono::steady_clock::now() < back) throw std::runtime_error("away");
        if (read < 10 && ++calls % 10 != 0) throw std::runtime_error("busy");
        ++read;
        EXPECT_EQ(m.offset(), next.at(static_cast<std::size_t>(m.partition()))++);
    };
    auto job = from.messages() | cs::for_each(store, policy);
    auto reading = run.start(job.run());
    run.pass(7s);
    EXPECT_EQ(read, 0);
    EXPECT_EQ(committed(), 0);
    EXPECT_EQ(heard->partitions(), 2U) << "it is still in its group";
    EXPECT_TRUE(run.wait([&] { return read == count; }, 60s)) << read;
    from.stop();
    run.finish(reading);
    run.finish(from.close());
    EXPECT_EQ(committed(), count);
    EXPECT_GT(retries, 90 + 8000 / 25);
    EXPECT_TRUE(heard->lost.empty());
}

TEST_F(SlowSink, ThatIsTriedAgainGivesUpWhenAStopIsAskedFor)
{
    kafka::consumer from(run.io.get_executor(), options());
    std::int64_t done = 0;
    const auto store = [&](const kafka::message&) {
        if (done == 100) throw std::runtime_error("away");
        ++done;
    };
    const auto policy = cs::retry().delays(1h, 1h).give_up_after(2h);
    auto job = from.messages() | cs::for_each(store, policy);
    auto reading = run.start(job.run());
    ASSERT_TRUE(run.wait([&] { return done == 100; }));
    run.pass(100ms);
    from.stop();
    EXPECT_THAT(text_of(run.failure(reading)), testing::HasSubstr(topic));
    run.finish(from.close());
    EXPECT_LE(committed(), done);
}

TEST_F(SlowSink, ThatFailsIsTheEndAndNothingPastItIsCommitted)
{
    std::int64_t done = 0;
    for (std::int64_t fails_at : {1, 12'345, 50'000}) {
        kafka::consumer from(run.io.get_executor(), options());
        const auto begin = done;
        auto job = from.messages() | cs::for_each([&](const kafka::message&) {
            if (done - begin + 1 == fails_at) throw std::domain_error("full");
            ++done;
        });
        EXPECT_NE(run.failure(run.start(job.run())), nullptr);
        run.finish(from.close());
        EXPECT_LE(committed(), done);
        done = committed(); // where the next one begins
    }
}

} // namespace
