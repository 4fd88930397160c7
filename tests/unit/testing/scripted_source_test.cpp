#include <corostream/testing/recording_sink.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace {

using cs::pumped;
using cs::testing::recording;
using cs::testing::script;
using cs::testing::scripted;

std::string text_of(const recording<int>& seen)
{
    std::string text;
    for (const auto& e : seen.events()) {
        if (auto* b = std::get_if<recording<int>::begun>(&e))
            text += "(" + std::to_string(b->info.partition);
        if (auto* p = std::get_if<recording<int>::pushed>(&e))
            text += " " + std::to_string(p->value) + "@" + std::to_string(p->at.offset);
        if (auto* b = std::get_if<recording<int>::ended>(&e))
            text += " >" + std::to_string(b->info.next_offset) + ")";
        if (auto* r = std::get_if<recording<int>::revoked>(&e))
            text += " -" + std::to_string(r->partition) + " ";
    }
    return text;
}

struct ScriptedSource : testing::Test {
    template <class Stage>
    pumped pump(Stage& stage, cs::time_point until = cs::never)
    {
        return run.finish(stage.pump(seen.sink(), until));
    }
    virtual_run run;
    recording<int> seen;
};

TEST_F(ScriptedSource, PlaysBatchesRevocationsAndTheEnd)
{
    auto stage
        = script<int>().batch(2, 10, {7, 8}).revoke(2).batch(0, 0, {9}).stop().stream().release();
    EXPECT_EQ(pump(stage), pumped::items);
    EXPECT_EQ(pump(stage), pumped::items);
    EXPECT_EQ(pump(stage), pumped::stop);
    EXPECT_EQ(pump(stage), pumped::stop);
    EXPECT_EQ(text_of(seen), "(2 7@10 8@11 >12) -2 (0 9@0 >1)");
}

TEST_F(ScriptedSource, EndsWhenItRunsOut)
{
    auto stage = script<int>().stream().release();
    EXPECT_EQ(pump(stage), pumped::end);
    EXPECT_EQ(pump(stage), pumped::end);
}

TEST_F(ScriptedSource, WaitsAndTimesOut)
{
    auto stage = script<int>().wait_until(at(10s)).batch(0, 0, {1}).stream().release();
    EXPECT_EQ(pump(stage, at(4s)), pumped::timeout);
    EXPECT_EQ(run.clock.now(), at(4s));
    EXPECT_EQ(pump(stage, at(2s)), pumped::timeout);
    EXPECT_EQ(pump(stage, at(20s)), pumped::items);
    EXPECT_EQ(run.clock.now(), at(10s));
    EXPECT_EQ(std::get<recording<int>::begun>(seen.events()[0]).info.arrival, at(10s));
}

TEST_F(ScriptedSource, KeepsGapsInOffsetsAndTimesOfTheirOwn)
{
    auto stage = script<int>().batch(0, {{1, 5, at(3s)}, {2, 9}}).stream().release();
    run.clock.advance(1s);
    pump(stage);
    EXPECT_EQ(text_of(seen), "(0 1@5 2@9 >10)");
    EXPECT_EQ(seen.elements()[0]->at.time, at(3s));
    EXPECT_EQ(seen.elements()[1]->at.time, at(1s));
}

TEST_F(ScriptedSource, LeavesUnreadWhatIsNotWanted)
{
    auto stage = script<int>().batch(0, 0, {1, 2, 3}).stream().release();
    recording<int> two(2);
    EXPECT_EQ(run.finish(stage.pump(two.sink(), cs::never)), pumped::items);
    EXPECT_EQ(text_of(two), "(0 1@0 2@1 >2)");
    EXPECT_EQ(pump(stage), pumped::items);
    EXPECT_EQ(text_of(seen), "(0 3@2 >3)");
}

TEST_F(ScriptedSource, TellsItsPositionsAndWhatWasAcknowledged)
{
    script<int> input;
    auto stage = input.batch(1, 10, {7}).batch(0, 5, {8}).revoke(1).stream().release();
    pump(stage);
    pump(stage);
    cs::cursor c;
    cs::take_snapshot(stage, c);
    EXPECT_EQ(c.positions, (std::vector<cs::position>{{0, 6}, {1, 11}}));
    EXPECT_EQ(input.acknowledged()->offset(1), -1);
    stage.acknowledge(c);
    EXPECT_EQ(input.acknowledged()->offset(1), 11);
    pump(stage);
    cs::take_snapshot(stage, c);
    EXPECT_EQ(c.positions, (std::vector<cs::position>{{0, 6}}));
}

TEST_F(ScriptedSource, ThrowsWhatItIsTold)
{
    auto stage
        = script<int>().fail(std::make_exception_ptr(std::domain_error("gone"))).stream().release();
    EXPECT_THROW(pump(stage), std::domain_error);
}

TEST(Recording, EndsAPipelineThatIsRun)
{
    virtual_run run;
    script<int> input;
    recording<int> seen;
    auto job = input.batch(0, 0, {1, 2}).revoke(0).stream() | cs::testing::record(seen);
    run.finish(cs::run(job));
    EXPECT_EQ(text_of(seen), "(0 1@0 2@1 >2) -0 ");
    EXPECT_EQ(input.acknowledged()->offset(0), 2);
    EXPECT_EQ(seen.elements().size(), 2U);
}

} // namespace
