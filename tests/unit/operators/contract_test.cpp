// What every operator promises, whatever it does: one suite over all of them.

#include "contract_case.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace {

using cs::pumped;
using cs::testing::script;
using strings = std::vector<std::string>;

std::vector<move_only> numbers(int from, int to)
{
    std::vector<move_only> all;
    for (; from <= to; ++from) all.emplace_back(from);
    return all;
}

/// Pumps until the pipeline is over; returns how it ended.
asio::awaitable<pumped> drain(erased_pipeline* p)
{
    auto got = pumped::items;
    while (!cs::is_over(got)) got = co_await p->pump(cs::never);
    co_return got;
}

asio::awaitable<void> read_all(erased_pipeline* p, strings* into)
{
    while (auto v = co_await p->next()) into->push_back(*v);
}

bool is_prefix(const strings& some, const strings& all)
{
    return some.size() <= all.size() && std::equal(some.begin(), some.end(), all.begin());
}

/// Reads to the end; the error that it ended with.
std::exception_ptr error_of(virtual_run& run, erased_pipeline& p, strings& before)
{
    auto reading = run.start(read_all(&p, &before));
    run.clock.advance(1h);
    EXPECT_TRUE(reading->done());
    return reading->error;
}

class Contract : public testing::TestWithParam<contract_case> {
protected:
    ~Contract() override
    {
        EXPECT_EQ(counted::alive, 0);
    }

    auto over(script<move_only>& input, fuse f = {}) { return GetParam().over(input, f); }
    bool windows() const { return GetParam().windows; }

    const strings& expected() const { return GetParam().of_1_to_6; }
};

TEST_P(Contract, EndsOnceAndStaysSo)
{
    virtual_run run;
    script<move_only> input;
    input.batch(0, 0, numbers(1, 6)).end();
    auto p = over(input);
    EXPECT_EQ(run.finish(drain(p.get())), pumped::end);
    EXPECT_EQ(p->results, expected());
    for (int again = 0; again < 3; ++again) EXPECT_EQ(run.finish(p->pump(cs::never)), pumped::end);
    EXPECT_EQ(p->results, expected());
    EXPECT_EQ(p->open_batches, 0);
}

TEST_P(Contract, YieldsItsResultsOneByOneAndThenNothing)
{
    virtual_run run;
    script<move_only> input;
    input.batch(0, 0, numbers(1, 3)).batch(0, 3, numbers(4, 6)).end();
    auto p = over(input);
    for (const auto& e : expected()) EXPECT_EQ(run.finish(p->next()), e);
    for (int again = 0; again < 3; ++again) EXPECT_EQ(run.finish(p->next()), std::nullopt);
}

TEST_P(Contract, PassesAGracefulStopOnAndFlushesNothing)
{
    virtual_run run;
    script<move_only> input;
    input.batch(0, 0, numbers(1, 6)).stop();
    auto p = over(input);
    const auto outcome = GetParam().ends_early ? pumped::end : pumped::stop;
    EXPECT_EQ(run.finish(drain(p.get())), outcome);
    EXPECT_EQ(p->results, windows() ? strings() : expected());
    EXPECT_EQ(run.finish(p->pump(cs::never)), outcome);
    EXPECT_EQ(p->results, windows() ? strings() : expected());
}

TEST_P(Contract, PassesATimeoutOnAtTheDeadline)
{
    virtual_run run;
    script<move_only> input;
    input.wait_until(at(1h)).batch(0, 0, numbers(1, 6)).end();
    auto p = over(input);
    for (auto deadline : {at(3s), at(3s), at(5s), at(20s)}) {
        EXPECT_EQ(run.finish(p->pump(deadline)), pumped::timeout);
        EXPECT_EQ(run.clock.now(), deadline);
    }
    EXPECT_EQ(run.finish(drain(p.get())), pumped::end);
    EXPECT_FALSE(p->results.empty());
}

TEST_P(Contract, EndsOnceWithTheErrorOfTheSource)
{
    virtual_run run;
    script<move_only> input;
    input.batch(0, 0, numbers(1, 3))
        .fail(std::make_exception_ptr(std::runtime_error("the broker is gone")));
    auto p = over(input);
    strings before;
    EXPECT_EQ(text_of(error_of(run, *p, before)), "the broker is gone");
    EXPECT_TRUE(is_prefix(before, expected()));
    EXPECT_EQ(before.empty(), windows() || GetParam().name == "flat_map_optional");
    EXPECT_EQ(run.finish(p->next()), std::nullopt);
    EXPECT_EQ(run.finish(p->next()), std::nullopt);
}

TEST_P(Contract, EndsOnceWithTheExceptionOfUserCodeAndNamesTheElement)
{
    virtual_run run;
    script<move_only> input;
    input.batch(2, 40, numbers(1, 2)).batch(2, 42, numbers(3, 6)).end();
    auto p = over(input, fuse{4});
    strings before;
    EXPECT_EQ(text_of(error_of(run, *p, before)), "script [2] at offset 43: boom <- boom");
    EXPECT_LE(input.acknowledged()->offset(2), windows() ? 40 : 42);
    EXPECT_EQ(run.finish(p->next()), std::nullopt);
    EXPECT_TRUE(is_prefix(before, expected())); // what was made before it came out before it
}

TEST_P(Contract, GivesTheSameHoweverBatchesAreCut)
{
    for (unsigned cuts = 0; cuts < 32; ++cuts) {
        for (int bomb : {0, 3, 5}) {
            virtual_run run;
            script<move_only> input;
            for (int from = 1, to = 1; to <= 6; ++to) {
                if (to < 6 && !(cuts >> (to - 1) & 1U)) continue;
                input.batch(0, from, numbers(from, to));
                from = to + 1;
            }
            auto p = over(input.end(), fuse{bomb});
            strings results;
            const auto error = error_of(run, *p, results);
            EXPECT_EQ(text_of(error),
                bomb != 0 && !(bomb == 5 && GetParam().ends_early)
                    ? "script [0] at offset " + std::to_string(bomb) + ": boom <- boom"
                    : "no error");
            if (bomb == 0) EXPECT_EQ(results, expected());
            else {
                static std::map<std::pair<std::string, int>, strings> first;
                EXPECT_EQ(
                    results, (first.try_emplace({GetParam().name, bomb}, results).first->second));
            }
        }
    }
}

TEST_P(Contract, EndsWithAnAbortWhereverItIsCancelled)
{
    for (auto type : {asio::cancellation_type::terminal, asio::cancellation_type::total}) {
        int aborted = 0;
        for (int steps = 0;; ++steps) {
            virtual_run run;
            script<move_only> input;
            input.batch(0, 0, numbers(1, 2))
                .wait_until(at(1s))
                .batch(1, 0, numbers(3, 3))
                .wait_until(at(5s))
                .batch(0, 2, numbers(4, 6))
                .end();
            auto p = over(input);
            auto draining = run.start(drain(p.get()));
            for (int step = 0; step < steps && !draining->done(); ++step) {
                run.io.restart();
                if (run.io.poll_one() == 0) run.clock.advance_to_next();
            }
            const bool before_the_end = !draining->done();
            draining->cancel.emit(type);
            if (type == asio::cancellation_type::terminal) run.clock.settle();
            // a coroutine listens to terminal cancellation only, until it says otherwise
            else run.clock.advance(1h);
            ASSERT_TRUE(draining->done()) << "after " << steps << " steps";
            if (draining->error) {
                EXPECT_TRUE(is_aborted(draining->error)) << text_of(draining->error);
                ++aborted;
            }
            if (!before_the_end) break;
            ASSERT_LT(steps, 1000);
        }
        if (type == asio::cancellation_type::terminal) EXPECT_GE(aborted, 5);
        else EXPECT_EQ(aborted, 0);
    }
}

TEST_P(Contract, FreesAllWhenTheContextGoesAwayInMidStream)
{
    for (int steps = 0; steps < 12; ++steps) {
        std::unique_ptr<erased_pipeline> p; // outlives the context, as a member of a server might
        virtual_run run;
        script<move_only> input;
        input.batch(0, 0, numbers(1, 2)).wait_until(at(1s)).batch(1, 0, numbers(3, 3)).end();
        p = over(input);
        run.start(drain(p.get()));
        for (int step = 0; step < steps; ++step)
            if (run.io.poll_one() == 0) run.clock.advance_to_next();
    }
}

TEST_P(Contract, PassesARevokedPartitionOnWithItsShare)
{
    virtual_run run;
    script<move_only> input;
    input.batch(1, 0, numbers(1, 3)).revoke(1).revoke(7).end();
    auto p = over(input);
    EXPECT_EQ(run.finish(drain(p.get())), pumped::end);
    std::erase_if(p->results, [](const auto& r) { return !r.starts_with("revoke"); });
    EXPECT_EQ(p->results, (strings{"revoke(1)", "revoke(7)"}));
}

TEST_P(Contract, HoldsWhatAnOpenWindowNeedsAndNothingElse)
{
    virtual_run run;
    script<move_only> input;
    input.batch(0, 10, numbers(1, 2)).batch(3, 70, numbers(3, 4)).wait_until(at(5s)).end();
    auto p = over(input);
    using positions = std::vector<cs::position>;
    const auto held = [&p] {
        auto all = p->snapshot().positions;
        for (auto& at : all) at.resume = {}; // restarts have tests of their own
        return all;
    };
    run.finish(p->pump(cs::never));
    const auto begin = at(GetParam().by_event_time.value_or(0s)); // of the window
    EXPECT_EQ(held(), windows() ? (positions{{0, 10, begin}}) : (positions{{0, 12}}));
    run.finish(p->pump(cs::never));
    EXPECT_EQ(held(),
        windows() ? (positions{{0, 10, begin}, {3, 70, begin}}) : (positions{{0, 12}, {3, 72}}));
    if (GetParam().ends_early) return;
    if (GetParam().by_event_time) run.finish(drain(p.get()));
    else run.finish(p->pump(at(4s)));
    EXPECT_EQ(held(), (positions{{0, 12}, {3, 72}}));
}

constexpr auto name_of = [](const auto& c) { return c.param.name; };
INSTANTIATE_TEST_SUITE_P(ElementWise, Contract, testing::ValuesIn(element_wise_cases()), name_of);
INSTANTIATE_TEST_SUITE_P(Windows, Contract, testing::ValuesIn(window_cases()), name_of);

} // namespace
