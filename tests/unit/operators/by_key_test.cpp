#include "aggregate_case.hpp"

#include <corostream/operators/by_key.hpp>
#include <corostream/operators/distinct.hpp>
#include <corostream/operators/last.hpp>
#include <corostream/operators/max.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window.hpp>
#include <support/counted.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using cs::testing::script;

using int_rows = std::vector<std::pair<int, int>>;

template <class Table>
auto rows_of(const Table& t)
{
    return std::vector<typename Table::value_type>(t.begin(), t.end());
}

TEST(ByKey, YieldsARowAKeyAndNoneOfAnEmptyWindow)
{
    virtual_run run;
    script<reading> input;
    input.batch(1, 0, {{1, 5}, {2, 9}}).batch(0, 0, {{3, 4}, {1, 6}}).wait_until(at(9s)).end();
    auto results = input.stream() | cs::window(4s).emit_empty()
                 | cs::by_key(&reading::sensor, cs::max(&reading::value));
    EXPECT_EQ(rows_of(run.finish(results.next())->value()), (int_rows{{3, 4}, {1, 6}, {2, 9}}));
    EXPECT_TRUE(run.finish(results.next())->empty());
}

TEST(ByKey, OwnsAKeyThatIsAViewBeforeTheElementIsMovedFrom)
{
    struct phone {
        std::string name;
        std::string_view brand() const { return std::string_view(name).substr(0, 5); }
    };
    auto last = cs::by_key(&phone::brand, cs::last(&phone::name)).over<phone>();
    decltype(last)::share share;
    last.add(share, {"Apple"}, {0, 0, at(1s)});
    last.add(share, {"Apple 2"}, {0, 1, at(2s)});
    EXPECT_EQ(rows_of(last.finish(std::move(share))),
        (std::vector<std::pair<std::string, std::string>>{{"Apple", "Apple 2"}}));
}

TEST(ByKey, MovesAnElementThatCannotBeCopied)
{
    auto last = cs::by_key(&move_only::number, cs::last()).over<move_only>();
    decltype(last)::share share;
    last.add(share, move_only(7), {0, 0});
    const auto rows = last.finish(std::move(share));
    EXPECT_EQ(rows.find(7)->number(), 7);
}

/// The order of rows, and of what is in each.
TEST(ByKey, DoesNotDependOnTheOrder)
{
    whatever_the_order(cs::by_key(&reading::sensor, cs::distinct(&reading::value)),
        [](const auto& all, const auto& seen) {
            std::vector<std::pair<int, std::vector<int>>> expected;
            for (const auto& p : all) {
                auto row = std::find_if(expected.begin(), expected.end(),
                    [&](const auto& r) { return r.first == p.of.sensor; });
                if (row == expected.end()) row = expected.insert(row, {p.of.sensor, {}});
                auto& values = row->second;
                if (std::find(values.begin(), values.end(), p.of.value) == values.end())
                    values.push_back(p.of.value);
            }
            EXPECT_EQ(rows_of(seen), expected);
            for (const auto& [sensor, values] : expected) EXPECT_EQ(*seen.find(sensor), values);
        });
}

} // namespace
