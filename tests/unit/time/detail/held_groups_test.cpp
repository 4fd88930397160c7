#include <corostream/time/detail/held_groups.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <map>
#include <random>

namespace {

using corostream::nothing_held;
using corostream::detail::held;
using corostream::detail::held_groups;

held element(std::int64_t offset)
{
    return {offset, corostream::time_point(corostream::duration(3 * offset))};
}

/// Against a map: elements come in order and go out of order, `left` of them at most.
void expect_first(std::size_t left, std::int64_t off_by)
{
    std::mt19937 random(11);
    held_groups groups;
    std::map<std::int64_t, held_groups::number> known;
    for (std::int64_t offset = 0; offset < 200'000; ++offset) {
        known.emplace(offset, groups.add(element(offset)));
        while (known.size() > random() % left) {
            auto gone = known.begin();
            if (random() % 4 != 0) gone = std::prev(known.end()); // one may stay for long
            groups.erase(gone->second);
            known.erase(gone);
        }
        const auto first = groups.first();
        if (known.empty()) {
            ASSERT_EQ(first.offset, nothing_held);
            continue;
        }
        ASSERT_LE(first.offset, known.begin()->first);
        ASSERT_GE(first.offset, known.begin()->first - off_by);
        ASSERT_EQ(first.watermark, element(first.offset).watermark);
        ASSERT_EQ(groups.first(known.begin()->second).offset, first.offset);
    }
}

TEST(HeldGroups, KnowTheFirstThatIsNeeded) { expect_first(1000, 0); }

TEST(HeldGroups, AreAThousandthOffWhenThereAreMany)
{
    held_groups groups;
    std::map<std::int64_t, held_groups::number> known;
    for (std::int64_t offset = 0; offset < 1'000'000; ++offset)
        known.emplace(offset, groups.add(element(offset)));
    for (std::int64_t offset = 0; offset < 999'999; ++offset) {
        groups.erase(known[offset]);
        ASSERT_LE(groups.first().offset, offset + 1);
        ASSERT_GT(groups.first().offset, offset - 1000);
    }
    groups.erase(known[999'999]);
    EXPECT_EQ(groups.first().offset, nothing_held);
}

TEST(HeldGroups, HoldNothingAtFirst) { EXPECT_EQ(held_groups().first().offset, nothing_held); }

} // namespace
