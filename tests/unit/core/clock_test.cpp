#include <corostream/core/clock.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace cs = corostream;
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

TEST(Clock, IsOneForAllExecutorsOfAContext)
{
    asio::io_context io, other;
    auto& clock = cs::clock::of(io.get_executor());
    EXPECT_EQ(&clock, &cs::clock::of(asio::make_strand(io)));
    EXPECT_NE(&clock, &cs::clock::of(other.get_executor()));
}

TEST(Clock, TellsTheTimeOfDayAndNeverGoesBack)
{
    asio::io_context io;
    auto& clock = cs::clock::of(io.get_executor());
    EXPECT_LT(std::chrono::abs(clock.now() - std::chrono::system_clock::now()), 10s);
    auto last = clock.now();
    for (int i = 0; i < 10'000; ++i) {
        const auto now = clock.now();
        ASSERT_GE(now, last);
        last = now;
    }
}

TEST(Clock, TakesItsTimeFromWhatATestPutsInItsPlace)
{
    struct fixed final : cs::time_source {
        cs::time_point now() const override { return cs::time_point(5s); }
        void arm(asio::steady_timer&, cs::time_point) override {}
        void disarm(asio::steady_timer&) override {}
    } source;
    asio::io_context io;
    auto& clock = cs::clock::of(io.get_executor());
    clock.use(&source);
    EXPECT_EQ(clock.now(), cs::time_point(5s));
    clock.use(nullptr);
    EXPECT_GT(clock.now(), cs::time_point(24h));
}

TEST(Clock, ArmsATimerForAnyMoment)
{
    asio::io_context io;
    auto& clock = cs::clock::of(io.get_executor());
    asio::steady_timer timer(io);
    const auto now = clock.now();
    clock.arm(timer, now + 1h);
    EXPECT_GT(timer.expiry(), std::chrono::steady_clock::now() + 59min);
    EXPECT_LT(timer.expiry(), std::chrono::steady_clock::now() + 61min);
    // more than nanoseconds can tell
    for (auto far : {cs::never, cs::never - 1us, now + std::chrono::years(1000)}) {
        clock.arm(timer, far);
        EXPECT_GT(timer.expiry(), std::chrono::steady_clock::now() + std::chrono::years(90));
    }
    for (auto past :
        {now - 1us, cs::time_point(), now - std::chrono::years(2000), cs::time_point::min()}) {
        clock.arm(timer, past);
        EXPECT_LT(timer.expiry(), std::chrono::steady_clock::now());
    }
}

} // namespace
