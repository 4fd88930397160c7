#include <corostream/core/run.hpp>
#include <corostream/sinks/collect.hpp>
#include <corostream/sinks/for_each.hpp>
#include <corostream/sources/from_range.hpp>
#include <support/counted.hpp>
#include <support/virtual_run.hpp>

#include <range/v3/view/filter.hpp>
#include <range/v3/view/iota.hpp>
#include <range/v3/view/take.hpp>
#include <range/v3/view/transform.hpp>

#include <gtest/gtest.h>

#include <forward_list>
#include <ranges>
#include <span>
#include <sstream>
#include <string>
#include <vector>

namespace {

/// All elements, as the feed behind the source yields them: no loop is needed for that.
template <class Range>
auto all_of(Range range)
{
    cs::detail::range_feed<Range> feed(std::move(range));
    auto moved = std::move(feed); // a source moves into its pipeline before it is read
    std::vector<typename cs::detail::range_feed<Range>::value_type> all;
    while (moved.due() != cs::never)
        moved.give(2, {}, [&](auto&& value) {
            all.push_back(std::move(value));
            return true;
        });
    return all;
}

using numbers = std::vector<int>;

TEST(FromRange, YieldsAllElementsOfAContainer)
{
    EXPECT_EQ(all_of(numbers{1, 2, 3}), (numbers{1, 2, 3}));
    EXPECT_EQ(all_of(numbers()), numbers());
    EXPECT_EQ(all_of(std::forward_list<int>{1, 2}), (numbers{1, 2}));
    EXPECT_EQ(all_of(std::vector<bool>{true, false}), (std::vector<bool>{true, false}));
    EXPECT_EQ(all_of(std::string("ab")), (std::vector<char>{'a', 'b'}));
    EXPECT_EQ(all_of(std::array{7, 8}), (numbers{7, 8}));
}

TEST(FromRange, MovesOutOfWhatItOwns)
{
    std::vector<std::unique_ptr<int>> owners;
    owners.push_back(std::make_unique<int>(5));
    EXPECT_EQ(*all_of(std::move(owners)).at(0), 5);

    std::vector<counted> some;
    some.emplace_back(7);
    counted::copies = 0;
    EXPECT_EQ(all_of(std::move(some)).at(0).number(), 7);
    EXPECT_EQ(counted::copies, 0);
}

TEST(FromRange, CopiesWhatAViewShows)
{
    std::vector<std::string> theirs{"a name too long for a small string", "b"};
    const auto kept = theirs;
    EXPECT_EQ(all_of(std::views::all(theirs)), kept);
    EXPECT_EQ(all_of(std::span(theirs)), kept);
    EXPECT_EQ(all_of(std::ranges::subrange(theirs)), kept);
    EXPECT_EQ(all_of(theirs | std::views::reverse | std::views::reverse), kept);
    EXPECT_EQ(all_of(theirs | ranges::views::filter([](const auto&) { return true; })), kept);
    EXPECT_EQ(all_of(theirs | ranges::views::take(2)), kept);
    EXPECT_EQ(theirs, kept); // and leaves them where they are
}

TEST(FromRange, TakesViewsThatMakeTheirElements)
{
    EXPECT_EQ(all_of(std::views::iota(1, 4) | std::views::transform([](int v) { return v * v; })),
        (numbers{1, 4, 9}));
    EXPECT_EQ(
        all_of(ranges::views::ints(1, 4) | ranges::views::transform([](int v) { return v * v; })),
        (numbers{1, 4, 9}));
    std::istringstream text("3 4 5");
    EXPECT_EQ(all_of(std::ranges::istream_view<int>(text)), (numbers{3, 4, 5}));
}

template <class Range>
using value_of = typename decltype(cs::from_range(std::declval<Range>()))::value_type;

TEST(FromRange, IsAStreamOfTheRangesValues)
{
    static_assert(std::same_as<value_of<std::vector<std::string>>, std::string>);
    static_assert(std::same_as<value_of<std::vector<bool>>, bool>);
    static_assert(std::same_as<value_of<std::span<const int>>, int>);
}

TEST(FromRange, CountsOffsetsAcrossBatchesAndLeavesUnwantedElementsUnread)
{
    virtual_run run(at(std::chrono::seconds(1)));
    auto stage = cs::from_range(numbers{1, 2, 3, 4, 5}, 2).release();
    struct sink : cs::null_sink {
        std::vector<std::int64_t>* seen;
        bool push(int&& v, const cs::element& e)
        {
            seen->insert(seen->end(), {v, e.offset});
            return v != 3;
        }
    };
    std::vector<std::int64_t> seen;
    for (int pumps = 0; pumps < 3; ++pumps)
        EXPECT_EQ(run.finish(stage.pump(sink{{}, &seen}, cs::never)), cs::pumped::items);
    EXPECT_EQ(seen, (std::vector<std::int64_t>{1, 0, 2, 1, 3, 2, 4, 3, 5, 4}));
    EXPECT_EQ(run.finish(stage.pump(sink{{}, &seen}, cs::never)), cs::pumped::end);
}

TEST(FromRange, AnExceptionFromTheRangeNamesTheOffsetWhereverTheBatchIsCut)
{
    for (std::size_t batch : {1U, 2U, 3U, 100U}) {
        virtual_run run;
        auto job = cs::from_range(std::views::iota(0) | std::views::transform([](int v) {
            return v == 2 ? throw std::domain_error("two") : v;
        }),
                       batch)
                 | cs::for_each([](int) {});
        std::string text;
        try {
            run.finish(cs::run(job));
        } catch (const cs::element_error& e) {
            text = e.what();
        }
        EXPECT_EQ(text, "from_range [0] at offset 2: two");
    }
}

} // namespace
