#include <corostream/core/wakeup.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace {

asio::awaitable<void> wait(cs::wakeup* w, cs::time_point until = cs::never)
{
    co_await w->wait(until);
}

TEST(Wakeup, EndsAWaitAtItsDeadline)
{
    virtual_run run;
    cs::wakeup w(run.io.get_executor());
    auto waiting = run.start(wait(&w, at(3s)));
    run.clock.advance(2999ms);
    EXPECT_FALSE(waiting->done());
    run.clock.advance(1ms);
    EXPECT_TRUE(waiting->result);
    EXPECT_EQ(run.clock.waiting(), 0U);
}

TEST(Wakeup, EndsAWaitByANotification)
{
    virtual_run run;
    cs::wakeup w(run.io.get_executor());
    auto with_deadline = run.start(wait(&w, at(3s))), without = run.start(wait(&w));
    run.clock.settle();
    EXPECT_FALSE(with_deadline->done() || without->done());
    w.notify();
    run.clock.settle();
    EXPECT_TRUE(with_deadline->result);
    EXPECT_TRUE(without->result);
    EXPECT_EQ(run.clock.now(), at(0s));
    EXPECT_EQ(run.clock.waiting(), 0U);
}

TEST(Wakeup, RemembersNoNotificationForLater)
{
    virtual_run run;
    cs::wakeup w(run.io.get_executor());
    w.notify();
    auto waiting = run.start(wait(&w));
    run.clock.advance(1h);
    EXPECT_FALSE(waiting->done());
    w.notify();
    run.clock.settle();
    EXPECT_TRUE(waiting->done());
}

TEST(Wakeup, KeepsADeadlineForEachThatWaits)
{
    virtual_run run;
    cs::wakeup w(run.io.get_executor());
    auto late = run.start(wait(&w, at(5s))), early = run.start(wait(&w, at(1s))),
         never = run.start(wait(&w));
    run.clock.advance(1s);
    EXPECT_TRUE(early->done());
    EXPECT_FALSE(late->done() || never->done());
    run.clock.advance(4s);
    EXPECT_TRUE(late->done());
    EXPECT_FALSE(never->done());
    w.notify();
    run.clock.settle();
    EXPECT_TRUE(never->done());
}

TEST(Wakeup, EndsAtOnceForADeadlineInThePast)
{
    virtual_run run(at(10s));
    cs::wakeup w(run.io.get_executor());
    auto waiting = run.start(wait(&w, at(3s)));
    run.clock.settle();
    EXPECT_TRUE(waiting->result);
}

TEST(Wakeup, AbortsTheWaitThatIsCancelledAndNoOther)
{
    virtual_run run;
    cs::wakeup w(run.io.get_executor());
    auto cancelled = run.start(wait(&w)), other = run.start(wait(&w));
    run.clock.settle();
    cancelled->cancel.emit(asio::cancellation_type::terminal);
    run.clock.settle();
    EXPECT_TRUE(is_aborted(cancelled->error));
    EXPECT_FALSE(other->done());
}

TEST(Wakeup, AbortsAWaitThatIsCancelledAsItIsNotified)
{
    virtual_run run;
    cs::wakeup w(run.io.get_executor());
    auto waiting = run.start(wait(&w));
    run.clock.settle();
    waiting->cancel.emit(asio::cancellation_type::terminal);
    w.notify();
    run.clock.settle();
    EXPECT_TRUE(is_aborted(waiting->error));
}

TEST(Wakeup, MayGoAwayBeforeTheContextOfItsWaits)
{
    virtual_run run;
    auto w = std::make_unique<cs::wakeup>(run.io.get_executor());
    auto waiting = run.start(wait(w.get(), at(1h)));
    run.clock.settle();
    w.reset();
    EXPECT_FALSE(waiting->done());
}

TEST(Wakeup, KeepsItsDeadlineOnTheRealClock)
{
    asio::io_context io(1);
    cs::wakeup w(io.get_executor());
    const auto until = w.clock().now() + 3ms;
    std::optional<cs::time_point> woken;
    asio::co_spawn(io, wait(&w, until), [&](std::exception_ptr) { woken = w.clock().now(); });
    io.run_for(10s);
    ASSERT_TRUE(woken);
    EXPECT_GE(*woken, until);
}

} // namespace
