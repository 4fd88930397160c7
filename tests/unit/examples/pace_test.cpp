#include <corostream/testing/manual_clock.hpp>
#include <phone_producer/pace.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

asio::awaitable<void> take_turns(phone_producer::pace* pace, int turns, int* taken)
{
    for (; *taken < turns; ++*taken) co_await pace->turn();
}

TEST(Pace, holds_the_rate_on_the_clock_of_the_loop)
{
    asio::io_context loop;
    corostream::testing::manual_clock clock(loop);
    phone_producer::pace pace(loop.get_executor(), 2);
    int taken = 0;
    asio::co_spawn(loop, take_turns(&pace, 1000, &taken), asio::detached);
    clock.advance(0s);
    EXPECT_EQ(taken, 1); // the first at once
    clock.advance(499ms);
    EXPECT_EQ(taken, 1);
    clock.advance(1ms);
    EXPECT_EQ(taken, 2);
    clock.advance(60s);
    EXPECT_EQ(taken, 122);
}

TEST(Pace, does_not_drift_where_a_turn_is_no_whole_number_of_microseconds)
{
    asio::io_context loop;
    corostream::testing::manual_clock clock(loop);
    phone_producer::pace pace(loop.get_executor(), 7);
    int taken = 0;
    asio::co_spawn(loop, take_turns(&pace, 1'000'000, &taken), asio::detached);
    clock.advance(1000s);
    EXPECT_EQ(taken, 7001);
}

TEST(Pace, at_full_speed_lets_others_have_a_turn)
{
    asio::io_context loop;
    phone_producer::pace pace(loop.get_executor(), 0);
    int taken = 0;
    int seen = -1;
    asio::co_spawn(loop, take_turns(&pace, 1'000'000, &taken), asio::detached);
    asio::post(loop, [&] { seen = taken; });
    loop.run();
    EXPECT_EQ(taken, 1'000'000);
    EXPECT_GE(seen, 0);
    EXPECT_LT(seen, 1000);
}

} // namespace
