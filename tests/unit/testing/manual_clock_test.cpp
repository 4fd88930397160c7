#include <corostream/core/wakeup.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

asio::awaitable<void> note(
    cs::wakeup* w, cs::time_point until, std::string name, std::vector<std::string>* log)
{
    co_await w->wait(until);
    log->push_back(name + "@" + std::to_string(w->clock().now().time_since_epoch() / 1ms));
}

TEST(ManualClock, StandsStillUntilItIsMovedOn)
{
    virtual_run run(at(7s));
    EXPECT_EQ(run.clock.now(), at(7s));
    EXPECT_EQ(cs::clock::of(run.io.get_executor()).now(), at(7s));
    run.clock.advance(1h);
    EXPECT_EQ(run.clock.now(), at(1h + 7s));
    run.clock.advance_to(at(0s)); // never back
    EXPECT_EQ(run.clock.now(), at(1h + 7s));
}

TEST(ManualClock, PassesDeadlinesInOrderEachAtItsTime)
{
    virtual_run run;
    cs::wakeup w(run.io.get_executor());
    std::vector<std::string> log;
    run.start(note(&w, at(30ms), "c", &log));
    run.start(note(&w, at(10ms), "a", &log));
    run.start(note(&w, at(20ms), "b", &log));
    run.start(note(&w, at(50ms), "late", &log));
    run.clock.advance(40ms);
    EXPECT_EQ(log, (std::vector<std::string>{"a@10", "b@20", "c@30"}));
    EXPECT_EQ(run.clock.now(), at(40ms));
    EXPECT_EQ(run.clock.waiting(), 1U);
}

asio::awaitable<void> twice(cs::wakeup* w, std::vector<std::string>* log)
{
    co_await note(w, at(10ms), "first", log);
    co_await note(w, at(20ms), "second", log);
}

TEST(ManualClock, PassesDeadlinesThatAreSetOnTheWay)
{
    virtual_run run;
    cs::wakeup w(run.io.get_executor());
    std::vector<std::string> log;
    run.start(twice(&w, &log));
    run.clock.advance(1h);
    EXPECT_EQ(log, (std::vector<std::string>{"first@10", "second@20"}));
}

TEST(ManualClock, SettlingRunsWhatIsReadyAndDue)
{
    virtual_run run;
    cs::wakeup w(run.io.get_executor());
    std::vector<std::string> log;
    run.start(note(&w, at(0ms), "due", &log));
    run.start(note(&w, at(1ms), "not yet", &log));
    run.clock.settle();
    EXPECT_EQ(log, (std::vector<std::string>{"due@0"}));
    EXPECT_EQ(run.clock.now(), at(0s));
}

TEST(ManualClock, MovesToTheNextDeadlineIfThereIsOne)
{
    virtual_run run;
    cs::wakeup w(run.io.get_executor());
    std::vector<std::string> log;
    EXPECT_FALSE(run.clock.advance_to_next());
    run.start(note(&w, at(30ms), "a", &log));
    run.start(note(&w, cs::never, "never", &log));
    EXPECT_TRUE(run.clock.advance_to_next());
    EXPECT_EQ(run.clock.now(), at(30ms));
    EXPECT_FALSE(run.clock.advance_to_next());
    EXPECT_EQ(log, (std::vector<std::string>{"a@30"}));
}

TEST(ManualClock, GivesTheContextItsRealClockBack)
{
    asio::io_context io;
    {
        cs::testing::manual_clock clock(io);
        EXPECT_EQ(cs::clock::of(io.get_executor()).now(), at(0s));
    }
    EXPECT_GT(cs::clock::of(io.get_executor()).now(), at(24h));
}

} // namespace
