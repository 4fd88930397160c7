#include <corostream/operators/filter.hpp>
#include <support/counted.hpp>
#include <support/instant_source.hpp>

#include <gtest/gtest.h>

namespace cs = corostream;

namespace {

TEST(Filter, KeepsValuesWithTheirOffsets)
{
    const auto out = push_all(
        instantly(std::vector{1, 2, 3, 4, 5}) | cs::filter([](int v) { return v % 2 == 0; }));
    EXPECT_EQ(out.values, (std::vector{2, 4}));
    EXPECT_EQ(out.offsets, (std::vector<std::int64_t>{1, 3}));
}

TEST(Filter, GoesOnAfterWhatItDropsUntilNoMoreIsWanted)
{
    const auto out = push_all(
        instantly(std::vector{1, 1, 2, 1, 2, 2}) | cs::filter([](int v) { return v == 2; }), 2);
    EXPECT_EQ(out.read, 5);
}

TEST(Filter, TakesMemberPointersAndWhatConvertsToBool)
{
    struct phone {
        bool sold;
    };
    EXPECT_EQ(push_all(instantly(std::vector<phone>{{true}, {false}}) | cs::filter(&phone::sold))
                  .values.size(),
        1U);
    EXPECT_EQ(push_all(instantly(std::vector{0, 3}) | cs::filter([](int v) { return v; })).values,
        (std::vector{3}));
}

TEST(Filter, LooksWithoutCopying)
{
    std::vector<counted> in;
    in.emplace_back(1);
    counted::copies = 0;
    EXPECT_EQ(push_all(instantly(std::move(in)) | cs::filter([](const counted&) {
        return true;
    })).values.size(),
        1U);
    EXPECT_EQ(counted::copies, 0);
}

} // namespace
