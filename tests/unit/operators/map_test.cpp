#include <corostream/operators/map.hpp>
#include <support/counted.hpp>
#include <support/instant_source.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace cs = corostream;

namespace {

TEST(Map, ChangesTheValueAndLeavesItsOffset)
{
    const auto out = push_all(
        instantly(std::vector{1, 2, 3}) | cs::map([](int v) { return std::to_string(v * v); }));
    EXPECT_EQ(out.values, (std::vector<std::string>{"1", "4", "9"}));
    EXPECT_EQ(out.offsets, (std::vector<std::int64_t>{0, 1, 2}));
}

TEST(Map, CallsInOrderOnceAnElementAndNoFurtherThanWanted)
{
    std::vector<int> seen;
    const auto out = push_all(
        instantly(std::vector{1, 2, 3, 4}) | cs::map([&](int v) { return seen.push_back(v), v; }),
        2);
    EXPECT_EQ(seen, (std::vector{1, 2}));
    EXPECT_EQ(out.read, 2);
}

TEST(Map, TakesMemberPointersAndFunctionsThatKeepState)
{
    struct phone {
        std::string name;
        std::size_t length() const { return name.size(); }
    };
    EXPECT_EQ(push_all(instantly(std::vector<phone>{{"ab"}}) | cs::map(&phone::name)).values,
        (std::vector<std::string>{"ab"}));
    EXPECT_EQ(push_all(instantly(std::vector<phone>{{"ab"}}) | cs::map(&phone::length)).values,
        (std::vector<std::size_t>{2}));
    EXPECT_EQ(push_all(instantly(std::vector{5, 5}) | cs::map([n = 0](int v) mutable {
        return v + n++;
    })).values,
        (std::vector{5, 6}));
}

TEST(Map, KeepsAReferenceAsAValue)
{
    std::string kept = "kept";
    auto out
        = push_all(instantly(std::vector{1}) | cs::map([&](int) -> std::string& { return kept; }));
    static_assert(std::is_same_v<decltype(out.values), std::vector<std::string>>);
    EXPECT_EQ(out.values.at(0), "kept");
    EXPECT_EQ(kept, "kept");
}

TEST(Map, MovesWhatIsMoved)
{
    std::vector<counted> in;
    in.emplace_back(7);
    counted::copies = 0;
    const auto out = push_all(instantly(std::move(in)) | cs::map(std::identity())
                              | cs::map([](counted&& v) { return std::move(v); }));
    EXPECT_EQ(out.values.at(0).number(), 7);
    EXPECT_EQ(counted::copies, 0);
}

} // namespace
