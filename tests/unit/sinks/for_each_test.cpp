#include <corostream/core/run.hpp>
#include <corostream/sinks/for_each.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <support/counted.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace {

using cs::testing::script;

TEST(ForEach, CallsInOrderWithWhatItMayKeep)
{
    virtual_run run;
    std::vector<move_only> kept;
    script<move_only> input;
    for (int i = 0; i < 3; ++i) {
        std::vector<move_only> one;
        one.emplace_back(i);
        input.batch(0, i, std::move(one));
    }
    auto job = input.stream() | cs::for_each([&](move_only v) { kept.push_back(std::move(v)); });
    run.finish(cs::run(job));
    ASSERT_EQ(kept.size(), 3U);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(kept[static_cast<std::size_t>(i)].number(), i);
}

TEST(ForEach, IgnoresWhatTheFunctionReturns)
{
    virtual_run run;
    int calls = 0;
    script<int> input;
    auto job
        = input.batch(0, 0, {1, 2, 3}).stream() | cs::for_each([&](int) { return ++calls, false; });
    run.finish(cs::run(job));
    EXPECT_EQ(calls, 3);
}

TEST(ForEach, LeavesTheElementThatItThrewAtUnacknowledged)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 10, {1}).batch(0, 11, {2, 3, 4}).end();
    auto told = input.acknowledged();
    auto job = input.stream() | cs::for_each([](int v) {
        if (v == 3) throw std::domain_error("full");
    });
    EXPECT_THROW(run.finish(cs::run(job)), cs::element_error);
    EXPECT_EQ(told->offset(0), 11);
}

} // namespace
