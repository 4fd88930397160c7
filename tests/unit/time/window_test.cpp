#include <corostream/core/run.hpp>
#include <corostream/operators/count.hpp>
#include <corostream/operators/map.hpp>
#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/sinks/collect.hpp>
#include <corostream/sources/ticks.hpp>
#include <corostream/testing/recording_sink.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window.hpp>
#include <support/phone_job.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <utility>
#include <vector>

namespace {

using cs::testing::script;

/// What a windowed count emitted, and when.
struct emitted {
    cs::duration begin, end, seen_at;
    std::int64_t count;

    friend bool operator==(const emitted&, const emitted&) = default;
    friend void PrintTo(const emitted& e, std::ostream* out)
    {
        *out << "[" << e.begin.count() << ", " << e.end.count() << ") = " << e.count << " seen at "
             << e.seen_at.count();
    }
};

template <class Pipeline>
asio::awaitable<void> read_counts(
    Pipeline counts, cs::time_source* clock, std::vector<emitted>* into)
{
    while (auto w = co_await counts.next())
        into->push_back({w->begin_time().time_since_epoch(), w->end_time().time_since_epoch(),
            clock->now().time_since_epoch(), w->value()});
}

template <class Window>
std::vector<emitted> counts_of(
    script<int>& input, Window window, cs::time_point start = {}, cs::duration until = 1h)
{
    virtual_run run(start);
    std::vector<emitted> seen;
    auto job = run.start(read_counts(input.stream() | window | cs::count(), &run.clock, &seen));
    run.clock.advance_to(at(until));
    EXPECT_TRUE(job->done());
    EXPECT_FALSE(job->error) << text_of(job->error);
    return seen;
}

template <class Pipeline>
asio::awaitable<void> read_phones(
    Pipeline counts, cs::time_point first, std::vector<phone_job::expected_window>* into)
{
    while (auto w = co_await counts.next()) {
        EXPECT_EQ(w->end_time() - w->begin_time(), phone_job::window_size);
        phone_job::expected_window seen{
            std::chrono::floor<std::chrono::seconds>(w->begin_time() - first), {}};
        for (const auto& [phone, count] : *w) seen.rows.emplace_back(phone, count);
        into->push_back(seen);
    }
}

TEST(Window, CountsThePhonesOfTheFifteenMessageJob)
{
    const auto first = at(400'000h); // any multiple of the window size
    virtual_run run(first);
    script<std::string> input;
    std::int64_t offset = 0;
    for (const auto& m : phone_job::messages)
        input.wait_until(first + m.at).batch(0, offset++, {std::string(m.phone)});

    std::vector<phone_job::expected_window> seen;
    auto counts = input.wait_until(first + 30s).end().stream() | cs::window(phone_job::window_size)
                | cs::map([](std::string phone) { return std::pair{std::move(phone), 1}; })
                | cs::reduce_by_key(std::plus{});
    auto job = run.start(read_phones(std::move(counts), first, &seen));

    run.clock.advance(3999ms);
    EXPECT_TRUE(seen.empty());
    run.clock.advance(1ms);
    EXPECT_EQ(seen.size(), 1U);
    run.clock.advance(4s);
    EXPECT_EQ(seen.size(), 2U);
    run.clock.advance(1min);
    EXPECT_TRUE(job->result);
    EXPECT_EQ(seen, phone_job::windows());
}

TEST(Window, FiresAtItsEndExactlyOnAnIdleStream)
{
    script<int> input;
    input.wait_until(at(1s)).batch(0, 0, {1, 2}).wait_until(at(1min)).end();
    EXPECT_EQ(counts_of(input, cs::window(4s)), (std::vector<emitted>{{0s, 4s, 4s, 2}}));
}

TEST(Window, PutsAnElementOnTheBoundaryIntoTheLaterWindow)
{
    script<int> input;
    input.wait_until(at(3'999'999us))
        .batch(0, 0, {1})
        .wait_until(at(4s))
        .batch(0, 1, {2})
        .wait_until(at(1min))
        .end();
    EXPECT_EQ(
        counts_of(input, cs::window(4s)), (std::vector<emitted>{{0s, 4s, 4s, 1}, {4s, 8s, 8s, 1}}));
}

TEST(Window, EmitsTheOpenWindowAtOnceWhenTheInputEnds)
{
    script<int> input;
    input.wait_until(at(5s)).batch(0, 0, {1, 2, 3}).wait_until(at(6s)).end();
    EXPECT_EQ(counts_of(input, cs::window(4s)), (std::vector<emitted>{{4s, 8s, 6s, 3}}));
}

TEST(Window, KeepsTheOpenWindowBackAtAGracefulStop)
{
    script<int> input;
    input.batch(0, 0, {1}).wait_until(at(5s)).batch(0, 1, {2, 3}).wait_until(at(6s)).stop();
    EXPECT_EQ(counts_of(input, cs::window(4s)), (std::vector<emitted>{{0s, 4s, 4s, 1}}));
    EXPECT_EQ(input.acknowledged()->offset(0), 1); // the open window will be read again
}

TEST(Window, EmitsNothingForAnEmptyStream)
{
    script<int> input;
    input.wait_until(at(1min)).end();
    EXPECT_TRUE(counts_of(input, cs::window(4s)).empty());
}

TEST(Window, ShiftsItsBoundariesByTheOffset)
{
    script<int> input;
    input.wait_until(at(4s))
        .batch(0, 0, {1})
        .wait_until(at(5s))
        .batch(0, 1, {1, 1})
        .wait_until(at(1min))
        .end();
    EXPECT_EQ(counts_of(input, cs::window(4s).offset(1s)),
        (std::vector<emitted>{{1s, 5s, 5s, 1}, {5s, 9s, 9s, 2}}));
    input.wait_until(at(4s)).batch(0, 0, {1}).wait_until(at(1min)).end();
    EXPECT_EQ(
        counts_of(input, cs::window(4s).offset(-1s)), (std::vector<emitted>{{3s, 7s, 7s, 1}}));
}

TEST(Window, HoldsElementsFromBeforeTheEpoch)
{
    script<int> input;
    input.batch(0, 0, {1})
        .wait_until(at(-1us))
        .batch(0, 1, {1})
        .wait_until(at(0s))
        .batch(0, 2, {1})
        .end();
    EXPECT_EQ(counts_of(input, cs::window(4s), at(-5s)),
        (std::vector<emitted>{{-8s, -4s, -4s, 1}, {-4s, 0s, 0s, 1}, {0s, 4s, 0s, 1}}));
}

TEST(Window, EmitsEmptyWindowsOnlyWhenAsked)
{
    script<int> input;
    input.wait_until(at(9s)).batch(0, 0, {1}).wait_until(at(21s)).end();
    EXPECT_EQ(counts_of(input, cs::window(4s).emit_empty(), at(5s)),
        (std::vector<emitted>{
            {4s, 8s, 8s, 0}, {8s, 12s, 12s, 1}, {12s, 16s, 16s, 0}, {16s, 20s, 20s, 0}}));
}

TEST(Window, EmitsTheEmptyWindowsThatItsReaderSleptThrough)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 0, {1}).end();
    auto counts = (input.stream() | cs::window(4s).emit_empty() | cs::count()).release();
    cs::testing::recording<cs::window_result<std::int64_t>> seen;
    run.finish(counts.pump(seen.sink(), cs::never));
    run.clock.advance_to(at(13s)); // nobody asks
    EXPECT_EQ(run.finish(counts.pump(seen.sink(), cs::never)), cs::pumped::end);
    std::vector<cs::time_point> begins;
    for (const auto* w : seen.elements()) begins.push_back(w->value.begin_time());
    EXPECT_EQ(begins, (std::vector{at(0s), at(4s), at(8s)}));
}

TEST(Window, CountsTicksOnTheBeat)
{
    virtual_run run(at(500ms));
    std::vector<emitted> seen;
    auto counts = cs::ticks(run.io.get_executor(), 1s) | cs::window(4s) | cs::count();
    auto job = run.start(read_counts(std::move(counts), &run.clock, &seen));
    run.clock.advance_to(at(8s));
    EXPECT_EQ(seen, (std::vector<emitted>{{0s, 4s, 4s, 3}, {4s, 8s, 8s, 4}}));
    job->cancel.emit(asio::cancellation_type::terminal);
    run.clock.settle();
    EXPECT_TRUE(is_aborted(job->error)) << text_of(job->error);
}

TEST(Window, ArmsOneDeadlineAtATime)
{
    virtual_run run;
    std::vector<emitted> seen;
    script<int> input;
    for (int i = 0; i < 50; ++i) input.wait_until(at(100ms * i)).batch(0, i, {i});
    auto job = run.start(read_counts(
        input.wait_until(at(1h)).stream() | cs::window(1s) | cs::count(), &run.clock, &seen));
    for (int i = 0; i < 60; ++i) {
        run.clock.advance(100ms);
        EXPECT_EQ(run.clock.waiting(), 1U);
    }
    EXPECT_EQ(seen.size(), 5U);
}

TEST(Window, RefusesSizesAndOffsetsThatMakeNoWindows)
{
    EXPECT_THROW(cs::window(0s), std::invalid_argument);
    EXPECT_THROW(cs::window(-4s), std::invalid_argument);
    EXPECT_THROW(cs::window(1ns), std::invalid_argument);
    EXPECT_THROW(cs::window(std::chrono::hours::max()), std::invalid_argument);
    EXPECT_THROW(
        cs::window(std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN())),
        std::invalid_argument);
    EXPECT_THROW(cs::window(4s).offset(4s), std::invalid_argument);
    EXPECT_THROW(cs::window(4s).offset(-4s), std::invalid_argument);
    EXPECT_THROW(cs::window(4s).offset(std::chrono::hours::min()), std::invalid_argument);
}

TEST(Window, OfCenturiesStillFlushes)
{
    script<int> input;
    input.batch(0, 0, {1}).wait_until(at(1min)).end();
    const auto seen = counts_of(input, cs::window(std::chrono::years(900)));
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].count, 1);
}

} // namespace
