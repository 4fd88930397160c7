#include <corostream/core/run.hpp>
#include <corostream/sinks/collect.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <support/counted.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace {

using cs::testing::script;

TEST(Collect, GathersAllElementsInOrder)
{
    virtual_run run;
    script<move_only> input;
    std::vector<move_only> some;
    for (int i = 0; i < 5; ++i) some.emplace_back(i);
    input.batch(0, 0, std::move(some));
    auto job = input.stream() | cs::collect();
    const auto all = run.finish(cs::run(job));
    ASSERT_EQ(all.size(), 5U);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)].number(), i);
}

TEST(Collect, OfNothingIsEmpty)
{
    virtual_run run;
    script<bool> input;
    auto job = input.stream() | cs::collect();
    EXPECT_TRUE(run.finish(cs::run(job)).empty());
}

} // namespace
