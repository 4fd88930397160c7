#include <corostream/core/run.hpp>
#include <corostream/operators/filter.hpp>
#include <corostream/operators/map.hpp>
#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/sinks/collect.hpp>
#include <corostream/sources/generate.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window.hpp>
#include <support/allocations.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace {

using cs::testing::script;

template <class Value, class Op>
auto rows_of(script<Value>& input, Op op)
{
    virtual_run run;
    auto results = input.stream() | cs::window(4s) | cs::reduce_by_key(op);
    auto window = run.finish(results.next());
    using row = std::remove_cvref_t<decltype(*window->begin())>;
    return std::vector<row>(window->begin(), window->end());
}

TEST(ReduceByKey, TakesAnyTwoFoldTupleAndAnyOperation)
{
    script<std::tuple<int, double>> input;
    input.batch(0, 0, {{1, 2.5}, {2, 1.0}, {1, 7.5}});
    const auto larger = [](double a, double b) { return std::max(a, b); };
    EXPECT_EQ(rows_of(input, larger), (std::vector<std::pair<int, double>>{{1, 7.5}, {2, 1.0}}));
}

TEST(ReduceByKey, MergesPartitionsThatSawTheSameKey)
{
    script<std::pair<std::string, int>> input;
    input.batch(1, 0, {{"b", 1}, {"a", 2}})
        .batch(0, 0, {{"c", 4}, {"a", 8}})
        .batch(1, 2, {{"c", 16}});
    EXPECT_EQ(rows_of(input, std::plus()),
        (std::vector<std::pair<std::string, int>>{{"c", 20}, {"a", 10}, {"b", 1}}));
}

TEST(ReduceByKey, ReducesInPartsOfOneKey)
{
    using input = std::pair<std::string_view, int>;
    auto sum = cs::reduce_by_key(std::plus()).over<input>();
    static_assert(cs::keyed_aggregate_of<decltype(sum), input>);
    auto [key, one] = sum.split({"a", 1});
    auto part = sum.begin(std::move(one), {0, 0});
    sum.extend(part, 2, {0, 1});
    sum.merge_part(part, 4);
    decltype(sum)::share rows;
    sum.append(rows, key, std::move(part), {0, 0});
    EXPECT_EQ(*sum.finish(std::move(rows)).find("a"), 7);
}

TEST(ReduceByKey, AnExceptionWhileTwoPartitionsAreMergedEndsTheStream)
{
    virtual_run run;
    script<std::pair<std::string, int>> input;
    input.batch(0, 0, {{"a", 1}}).batch(1, 0, {{"a", 2}}).end();
    const auto refuse = [](int, int) -> int { throw std::domain_error("too much"); };
    auto sums = input.stream() | cs::window(4s) | cs::reduce_by_key(refuse);
    EXPECT_THROW(run.finish(sums.next()), std::domain_error);
    EXPECT_FALSE(run.finish(sums.next()));
    EXPECT_LE(input.acknowledged()->offset(0), 0);
}

/// The promise about memory: none for a message whose key the window has seen.
TEST(ReduceByKey, AllocatesNothingAMessageInSteadyState)
{
    static const std::array<std::string, 7> names{"Huwai P30, the long name of it",
        "Samsung galaxy 9", "Apple iphone 11", "a", "b", "c", "d"};
    constexpr int warm = 20'000, all = 120'000;
    std::size_t before = 0, after = 0;
    int n = 0;
    auto sums = cs::generate([&]() -> std::optional<std::string_view> {
        if (++n == warm) before = allocations();
        if (n == all) after = allocations();
        return n > all ? std::nullopt
                       : std::optional<std::string_view>(
                             names[static_cast<std::size_t>(n) % names.size()]);
    }) | cs::filter([](std::string_view name) { return !name.empty(); })
              | cs::window(1h) | cs::map([](std::string_view name) { return std::pair(name, 1); })
              | cs::reduce_by_key(std::plus()) | cs::collect();
    virtual_run run;
    const auto windows = run.finish(cs::run(sums));
    ASSERT_EQ(windows.size(), 1U);
    EXPECT_EQ(*windows[0].value().find(names[0]), all / 7);
    EXPECT_EQ(after - before, 0U) << "for " << all - warm << " messages in "
                                  << (all - warm) / static_cast<int>(cs::default_batch_size)
                                  << " batches";
}

} // namespace
