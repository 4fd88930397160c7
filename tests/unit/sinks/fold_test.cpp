#include <corostream/core/error.hpp>
#include <corostream/core/run.hpp>
#include <corostream/sinks/fold.hpp>
#include <corostream/sources/from_range.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <support/counted.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using cs::testing::script;

TEST(Fold, GoesFromTheLeftThroughAllBatches)
{
    virtual_run run;
    script<int> input;
    input.batch(0, 0, {1, 2}).batch(1, 0, {3}).batch(0, 2, {4});
    auto job = input.stream() | cs::fold(std::string("0"), [](std::string sum, int v) {
        return "(" + std::move(sum) + "+" + std::to_string(v) + ")";
    });
    EXPECT_EQ(run.finish(cs::run(job)), "((((0+1)+2)+3)+4)");
}

TEST(Fold, KeepsASmallValueFromBatchToBatch)
{
    virtual_run run;
    std::vector<int> numbers(10'000);
    std::iota(numbers.begin(), numbers.end(), 1);
    for (std::size_t batch : {1U, 7U, 20'000U}) {
        auto job = cs::from_range(numbers, batch) | cs::fold(long{0}, std::plus<>());
        EXPECT_EQ(run.finish(cs::run(job)), 50'005'000);
    }
}

TEST(Fold, OfNothingIsItsBeginning)
{
    virtual_run run;
    script<int> input;
    auto job = input.stream() | cs::fold(7, std::plus<>());
    EXPECT_EQ(run.finish(cs::run(job)), 7);
}

TEST(Fold, TakesWhatCanOnlyBeMoved)
{
    virtual_run run;
    script<move_only> input;
    std::vector<move_only> some;
    for (int i = 1; i < 4; ++i) some.emplace_back(i);
    input.batch(0, 0, std::move(some));
    auto job = input.stream()
             | cs::fold(std::make_unique<int>(4), [](std::unique_ptr<int> sum, move_only v) {
                   *sum += v.number();
                   return sum;
               });
    EXPECT_EQ(*run.finish(cs::run(job)), 10);
}

TEST(Fold, EndsWithWhatTheFunctionThrows)
{
    virtual_run run;
    auto job = cs::from_range(std::vector{1, 2, 3}) | cs::fold(0, [](int sum, int v) {
        if (v == 3) throw std::invalid_argument("three");
        return sum + v;
    });
    EXPECT_THROW(run.finish(cs::run(job)), cs::element_error);
}

} // namespace
