#include <corostream/operators/merge.hpp>
#include <corostream/sinks/for_each.hpp>
#include <corostream/sources/from_range.hpp>
#include <corostream/testing/recording_sink.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace {

/// What a source with everything was told, and what it answers.
struct told {
    std::vector<cs::time_point> proofs;
    std::vector<cs::cursor> acknowledged;
    int let_go = 0;
    cs::partition_id owned = 0;
    cs::time_point stopped = cs::never;
    bool failed = false;
};

/// Brings its values one a pump, and numbers its cursors from 100.
class full_source {
public:
    using value_type = int;

    full_source(std::vector<int> values, std::shared_ptr<told> of)
        : values_(std::move(values))
        , told_(std::move(of))
    {
    }

    template <class Sink>
    asio::awaitable<cs::pumped> pump(Sink sink, cs::time_point)
    {
        auto executor = co_await asio::this_coro::executor;
        clock_ = &cs::clock::of(executor);
        if (at_ == values_.size()) co_return cs::pumped::end;
        cs::batch b;
        const auto offset = static_cast<std::int64_t>(at_);
        sink.begin(b);
        sink.push(std::move(values_[at_++]), cs::element{{}, offset});
        b.next_offset = offset + 1;
        sink.end(b);
        co_return cs::pumped::items;
    }

    static std::int64_t hold(cs::partition_id) { return cs::nothing_held; }
    full_source& source() { return *this; }
    void snapshot(cs::cursor& into)
    {
        into.pump = 100 + taken_++;
        into.positions = {{0, static_cast<std::int64_t>(at_)}};
    }
    void acknowledge(const cs::cursor& c) { told_->acknowledged.push_back(c); }
    void let_go() { ++told_->let_go; }
    void want_proof(cs::time_point due) { told_->proofs.push_back(due); }
    bool owns(cs::partition_id p) const { return p == told_->owned; }
    cs::resume_point resumed(cs::partition_id p) const { return {.seen = 1000 + p}; }
    asio::awaitable<bool> rest(cs::time_point until)
    {
        auto executor = co_await asio::this_coro::executor;
        if (told_->failed) throw std::runtime_error("the broker is gone");
        cs::wakeup w(executor);
        while (clock_->now() < std::min(until, told_->stopped))
            co_await w.wait(std::min(until, told_->stopped));
        co_return clock_->now() < told_->stopped;
    }

private:
    std::vector<int> values_;
    std::shared_ptr<told> told_;
    std::size_t at_ = 0;
    std::uint64_t taken_ = 0;
    cs::clock* clock_ = nullptr;
};

auto stream(std::vector<int> values, std::shared_ptr<told> of)
{
    return cs::pipeline<full_source>(full_source(std::move(values), std::move(of)));
}

class MergeSource : public testing::Test {
protected:
    auto merged()
    {
        auto all = cs::merge(stream({1, 2}, a), cs::from_range(std::vector{3}), stream({4}, b));
        return std::move(all).release();
    }

    virtual_run run;
    std::shared_ptr<told> a = std::make_shared<told>(), b = std::make_shared<told>();
    cs::testing::recording<int> seen;
};

TEST_F(MergeSource, GivesEachInputItsOwnNumbersBack)
{
    auto stage = merged();
    std::vector<cs::cursor> taken(4);
    for (auto& c : taken) {
        run.finish(stage.pump(seen.sink(), cs::never));
        cs::take_snapshot(stage, c);
    }
    stage.source().acknowledge(taken[1]); // of 1, 3
    stage.source().acknowledge(taken[3]); // and of 4, 2
    stage.source().acknowledge(taken[3]);
    ASSERT_EQ(a->acknowledged.size(), 3U);
    EXPECT_EQ(a->acknowledged[0].pump, 100U);
    EXPECT_EQ(a->acknowledged[0].positions, (std::vector<cs::position>{{0, 1}}));
    EXPECT_EQ(a->acknowledged[1].pump, 101U);
    EXPECT_EQ(a->acknowledged[1].positions, (std::vector<cs::position>{{0, 2}}));
    EXPECT_EQ(a->acknowledged[2].pump, 101U);
    EXPECT_EQ(b->acknowledged[0].pump, 0U); // nothing yet
    EXPECT_TRUE(b->acknowledged[0].positions.empty());
    EXPECT_EQ(b->acknowledged[1].pump, 100U);
    EXPECT_EQ(b->acknowledged[1].positions, (std::vector<cs::position>{{0, 1}}));
}

TEST_F(MergeSource, PassesQuestionsOnToTheInputThatAPartitionIsOf)
{
    auto stage = merged();
    a->owned = 2;
    EXPECT_TRUE(stage.source().owns(6));
    EXPECT_FALSE(stage.source().owns(3));
    EXPECT_FALSE(stage.source().owns(8));
    EXPECT_TRUE(stage.source().owns(2));
    EXPECT_TRUE(stage.source().owns(7)); // that input does not tell
    EXPECT_EQ(stage.source().resumed(9).seen, 1003);
    EXPECT_EQ(stage.source().resumed(7), cs::resume_point());
    stage.source().want_proof(at(5s));
    EXPECT_EQ(a->proofs, (std::vector{at(5s)}));
    EXPECT_EQ(b->proofs, (std::vector{at(5s)}));
}

TEST_F(MergeSource, LetsItsInputsGo)
{
    {
        auto stage = merged();
        stage.source().let_go();
        EXPECT_EQ(a->let_go, 1);
        EXPECT_EQ(b->let_go, 1);
    }
    EXPECT_EQ(a->let_go, 2); // and when it goes itself
}

TEST_F(MergeSource, RestsUntilAnyInputIsToStop)
{
    auto stage = merged();
    run.finish(stage.pump(seen.sink(), cs::never));
    EXPECT_TRUE(run.finish(stage.source().rest(at(2s))));
    EXPECT_EQ(run.clock.now(), at(2s));
    b->stopped = at(3s);
    EXPECT_FALSE(run.finish(stage.source().rest(at(10s))));
    EXPECT_GE(run.clock.now(), at(3s));
    EXPECT_LE(run.clock.now(), at(3100ms));
    a->failed = true;
    EXPECT_THROW(run.finish(stage.source().rest(at(20s))), std::runtime_error);
}

TEST_F(MergeSource, RestsWhenItsInputsAreOver)
{
    auto stage = merged();
    while (!cs::is_over(run.finish(stage.pump(seen.sink(), cs::never)))) {}
    EXPECT_TRUE(run.finish(stage.source().rest(at(2s))));
    EXPECT_EQ(run.clock.now(), at(2s));
}

TEST_F(MergeSource, LetsASinkTryAgain)
{
    int failures = 3;
    auto all = cs::merge(stream({1, 2}, a), stream({4}, b))
             | cs::for_each(
                 [&](int v) {
                     if (v == 2 && failures-- > 0) throw std::runtime_error("not now");
                 },
                 cs::retry());
    run.finish(cs::run(all));
    EXPECT_EQ(a->acknowledged.back().positions, (std::vector<cs::position>{{0, 2}}));
    EXPECT_EQ(failures, -1);
}

} // namespace
