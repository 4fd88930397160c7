#include <corostream/core/mailbox.hpp>
#include <support/counted.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <random>
#include <vector>

namespace {

using box = cs::mailbox<move_only>;
using numbers = std::vector<int>;

asio::awaitable<bool> push(box* into, int n)
{
    move_only value(n);
    co_return co_await into->push(std::move(value));
}

template <class Stream>
asio::awaitable<void> read_all(Stream stream, numbers* into)
{
    while (auto v = co_await stream.next()) into->push_back(v->number());
}

struct Mailbox : testing::Test {
    ~Mailbox() override { EXPECT_EQ(counted::alive, 0); }
};

TEST_F(Mailbox, DeliversInOrderWhatWasPushedAndThenEnds)
{
    virtual_run run;
    box b(run.io.get_executor(), 8);
    for (int n : {1, 2, 3}) EXPECT_TRUE(run.finish(push(&b, n)));
    b.close();
    EXPECT_TRUE(b.closed());
    numbers seen;
    run.finish(read_all(b.stream(), &seen));
    EXPECT_EQ(seen, (numbers{1, 2, 3}));
}

TEST_F(Mailbox, HoldsNoMoreThanItsCapacity)
{
    virtual_run run;
    box b(run.io.get_executor(), 2);
    auto first = run.start(push(&b, 1)), second = run.start(push(&b, 2)),
         third = run.start(push(&b, 3));
    run.clock.settle();
    EXPECT_TRUE(first->done() && second->done());
    EXPECT_FALSE(third->done());
    EXPECT_EQ(b.size(), 2U);
    move_only refused(4);
    EXPECT_FALSE(b.try_push(refused));
    EXPECT_EQ(refused.number(), 4); // left alone

    auto s = b.stream();
    EXPECT_EQ(run.finish(s.next())->number(), 1);
    run.clock.settle();
    EXPECT_EQ(third->result, true);
    EXPECT_EQ(b.size(), 1U); // one was read with the first
}

TEST_F(Mailbox, RefusesToHoldNothing)
{
    asio::io_context io;
    EXPECT_THROW(box(io.get_executor(), 0), std::invalid_argument);
}

TEST_F(Mailbox, WakesAReaderThatWaits)
{
    virtual_run run;
    box b(run.io.get_executor(), 1);
    numbers seen;
    auto reading = run.start(read_all(b.stream(), &seen));
    run.clock.advance(1h);
    run.finish(push(&b, 1));
    run.clock.settle();
    EXPECT_EQ(seen, numbers{1});
    b.close();
    run.clock.settle();
    EXPECT_TRUE(reading->result);
}

TEST_F(Mailbox, TimesOutAtTheDeadline)
{
    virtual_run run;
    box b(run.io.get_executor(), 1);
    auto stage = b.stream().release();
    EXPECT_EQ(run.finish(stage.pump(cs::null_sink(), at(2s))), cs::pumped::timeout);
    EXPECT_EQ(run.clock.now(), at(2s));
    run.finish(push(&b, 1));
    // data goes before the deadline
    EXPECT_EQ(run.finish(stage.pump(cs::null_sink(), at(1s))), cs::pumped::items);
    b.close();
    EXPECT_EQ(run.finish(stage.pump(cs::null_sink(), cs::never)), cs::pumped::end);
    EXPECT_EQ(run.finish(stage.pump(cs::null_sink(), cs::never)), cs::pumped::end);
}

TEST_F(Mailbox, DropsWhatIsPushedAfterTheClose)
{
    virtual_run run;
    box b(run.io.get_executor(), 1);
    run.finish(push(&b, 1));
    auto waiting = run.start(push(&b, 2));
    run.clock.settle();
    b.close();
    run.clock.settle();
    EXPECT_EQ(waiting->result, false);
    EXPECT_FALSE(run.finish(push(&b, 3)));
    numbers seen;
    run.finish(read_all(b.stream(), &seen));
    EXPECT_EQ(seen, numbers{1});
}

TEST_F(Mailbox, EndsWithTheErrorAfterWhatIsQueued)
{
    virtual_run run;
    box b(run.io.get_executor(), 4);
    run.finish(push(&b, 1));
    b.fail(std::make_exception_ptr(std::runtime_error("the sender broke")));
    numbers seen;
    auto reading = run.start(read_all(b.stream(), &seen));
    run.clock.settle();
    EXPECT_EQ(text_of(reading->error), "the sender broke");
    EXPECT_EQ(seen, numbers{1});
}

TEST_F(Mailbox, CountsOffsetsFromZeroAcrossBatches)
{
    struct offsets_sink : cs::null_sink {
        std::vector<std::int64_t>* into;
        bool push(move_only&&, const cs::element& e)
        {
            into->push_back(e.offset);
            return into->size() != 2; // leaves the third for the next batch
        }
    };
    virtual_run run;
    box b(run.io.get_executor(), 4);
    for (int n : {1, 2, 3}) run.finish(push(&b, n));
    auto stage = b.stream().release();
    std::vector<std::int64_t> offsets;
    run.finish(stage.pump(offsets_sink{{}, &offsets}, cs::never));
    EXPECT_EQ(b.size(), 1U);
    run.finish(stage.pump(offsets_sink{{}, &offsets}, cs::never));
    EXPECT_EQ(offsets, (std::vector<std::int64_t>{0, 1, 2}));
}

TEST_F(Mailbox, AbortsAReaderThatIsCancelledAndKeepsWhatComesLater)
{
    virtual_run run;
    box b(run.io.get_executor(), 4);
    numbers seen;
    auto reading = run.start(read_all(b.stream(), &seen));
    run.clock.settle();
    reading->cancel.emit(asio::cancellation_type::terminal);
    run.clock.settle();
    EXPECT_TRUE(is_aborted(reading->error));
    run.finish(push(&b, 1));
    b.close();
    run.finish(read_all(b.stream(), &seen));
    EXPECT_EQ(seen, numbers{1});
}

/// Many push, some are cancelled at random steps: what push reported as in the mailbox is read
/// exactly once, and nothing else.
TEST_F(Mailbox, LosesAndDoublesNothingWhateverIsCancelled)
{
    for (unsigned seed = 0; seed < 200; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        virtual_run run;
        box b(run.io.get_executor(), 1 + random() % 3);
        numbers seen, pushed;
        auto reading = run.start(read_all(b.stream(), &seen));
        std::vector<std::shared_ptr<task<bool>>> pushing;
        for (int n = 0; n < 12; ++n) {
            pushing.push_back(run.start(push(&b, n)));
            for (auto steps = random() % 4; steps > 0; --steps) {
                run.io.restart();
                run.io.poll_one();
            }
            if (random() % 2 == 0)
                pushing[random() % pushing.size()]->cancel.emit(asio::cancellation_type::terminal);
        }
        run.clock.settle();
        b.close();
        run.clock.settle();
        ASSERT_TRUE(reading->result);
        for (std::size_t n = 0; n < pushing.size(); ++n) {
            ASSERT_TRUE(pushing[n]->done());
            if (pushing[n]->error) ASSERT_TRUE(is_aborted(pushing[n]->error));
            else pushed.push_back(static_cast<int>(n));
        }
        std::sort(seen.begin(), seen.end());
        ASSERT_EQ(seen, pushed);
    }
}

} // namespace
