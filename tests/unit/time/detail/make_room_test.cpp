#include <corostream/time/detail/make_room.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

namespace {

using corostream::detail::make_room;

TEST(MakeRoom, AddsAQuarter)
{
    std::vector<int> all;
    std::size_t moved = 0;
    for (int i = 0; i < 10'000; ++i) {
        const auto* before = all.data();
        EXPECT_FALSE(make_room(all, 0));
        moved += all.data() == before ? 0 : all.size();
        all.push_back(i);
        EXPECT_LE(all.capacity(), all.size() + all.size() / 4 + 1);
    }
    EXPECT_LE(moved, 5 * all.size());
}

TEST(MakeRoom, TakesThatOfThoseThatAreNotNeeded)
{
    std::vector<int> all;
    std::size_t begin = 0, moved = 0;
    for (int i = 0; i < 10'000; ++i) { // ten of them at a time
        if (make_room(all, begin)) {
            begin = 0;
            moved += all.size();
        }
        all.push_back(i);
        if (all.size() - begin > 10) ++begin;
        ASSERT_EQ(all[begin], i < 10 ? 0 : i - 9);
    }
    EXPECT_LE(all.capacity(), 15U);
    EXPECT_LE(moved, 40'000U);
}

TEST(MakeRoom, LeavesAllWhereTheyAreIfThereIsSome)
{
    std::vector<int> all{1, 2, 3};
    all.reserve(5);
    EXPECT_FALSE(make_room(all, 3));
    EXPECT_EQ(all, (std::vector<int>{1, 2, 3}));
    EXPECT_EQ(all.capacity(), 5U);
}

} // namespace
