#include <corostream/core/wakeup.hpp>
#include <corostream/operators/detail/leash.hpp>
#include <support/virtual_run.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace {

using cs::detail::leash;

TEST(Leash, RunsWhatItIsGivenOnTheExecutorBeneath)
{
    asio::io_context io;
    const asio::any_io_executor on = leash::on(io.get_executor());
    std::string done;
    asio::post(on, [&] { done += 'a'; });
    asio::dispatch(on, [&] { done += 'b'; });
    EXPECT_EQ(done, "");
    io.run();
    EXPECT_EQ(done, "ab");
    EXPECT_EQ(&asio::query(on, asio::execution::context), &io);
}

TEST(Leash, OnceCutDropsWhatItIsToRunAndFreesIt)
{
    asio::io_context io;
    auto l = leash::on(io.get_executor());
    const asio::any_io_executor on = l;
    auto held = std::make_shared<int>(0);
    asio::post(on, [held] { ++*held; });
    l.cut();
    asio::post(on, [held] { ++*held; });
    EXPECT_EQ(held.use_count(), 3);
    io.run();
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_EQ(*held, 0);
}

asio::awaitable<void> wait_twice(cs::wakeup* w, std::shared_ptr<int> resumed)
{
    co_await w->wait();
    ++*resumed;
    co_await w->wait();
}

TEST(Leash, OnceCutFreesACoroutineWhereItIs)
{
    for (const bool started : {false, true}) {
        virtual_run run;
        auto l = leash::on(run.io.get_executor());
        const asio::any_io_executor on = l;
        cs::wakeup w(on);
        auto resumed = std::make_shared<int>(0);
        asio::co_spawn(on, wait_twice(&w, resumed), asio::detached);
        if (started) run.clock.settle();
        l.cut();
        w.notify();
        run.clock.settle();
        EXPECT_EQ(resumed.use_count(), 1);
        EXPECT_EQ(*resumed, 0);
    }
}

TEST(Leash, TellsWhatIsBeneath)
{
    asio::io_context io;
    const asio::any_io_executor once = leash::on(io.get_executor());
    const asio::any_io_executor twice = leash::on(once);
    EXPECT_EQ(leash::beneath(twice), asio::any_io_executor(io.get_executor()));
    EXPECT_EQ(leash::beneath(io.get_executor()), asio::any_io_executor(io.get_executor()));
    auto in_a_coroutine = [](asio::any_io_executor* seen) -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        *seen = leash::beneath(executor);
    };
    asio::any_io_executor seen;
    asio::co_spawn(twice, in_a_coroutine(&seen), asio::detached);
    io.run();
    EXPECT_EQ(seen, asio::any_io_executor(io.get_executor()));
}

TEST(Leash, IsEqualToItsCopiesOnly)
{
    asio::io_context io;
    const auto a = leash::on(io.get_executor()), b = leash::on(io.get_executor());
    EXPECT_EQ(a, leash(a));
    EXPECT_NE(a, b);
}

} // namespace
