#include <corostream/time/detail/key_cuts.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

namespace {

using corostream::log_place;
using corostream::detail::key_cuts;
using places = std::vector<log_place>;

TEST(KeyCuts, AreTheLastOfEachKeyInOrder)
{
    key_cuts cuts;
    cuts.tell(1, {10});
    cuts.tell(0, {9});
    cuts.tell(1, {14, 2});
    cuts.tell(2, {14});
    EXPECT_EQ(cuts.from(0), (places{{9}, {14}, {14, 2}}));
    EXPECT_EQ(cuts.from(10), (places{{14}, {14, 2}}));
    EXPECT_EQ(cuts.from(15), places{});
}

TEST(KeyCuts, TellAlsoWhatARestartHasNotReached)
{
    key_cuts cuts;
    cuts.resume({{10}, {12, 1}, {20}});
    EXPECT_FALSE(cuts.reach({9}));
    EXPECT_TRUE(cuts.reach({10}));
    cuts.tell(0, {10});
    EXPECT_FALSE(cuts.reach({12}));
    EXPECT_EQ(cuts.from(10), (places{{10}, {12, 1}, {20}}));
    EXPECT_TRUE(cuts.reach({12, 1}));
    EXPECT_TRUE(cuts.is_resuming());
    EXPECT_FALSE(cuts.reach({21})); // the log has lost 20
    EXPECT_FALSE(cuts.is_resuming());
}

TEST(KeyCuts, AreNoneWhenTheyAreTooMany)
{
    key_cuts cuts;
    for (std::size_t key = 0; key < key_cuts::most; ++key)
        cuts.tell(key, {static_cast<std::int64_t>(key)});
    EXPECT_EQ(cuts.from(0).size(), key_cuts::most);
    for (std::size_t key = 0; key < 5 * key_cuts::most; ++key)
        cuts.tell(key, {100'000 + static_cast<std::int64_t>(key)});
    EXPECT_EQ(cuts.from(0), places{});
    EXPECT_EQ(cuts.from(100'000), places{}); // looks again when there are more, or less is needed
    for (std::int64_t i = 0; i < 50'000; ++i) cuts.tell(0, {200'000 + i});
    EXPECT_EQ(cuts.from(200'000), places{{249'999}});
}

TEST(KeyCuts, AreNotPiledUpWhenNobodyAsks)
{
    key_cuts cuts;
    for (std::int64_t i = 0; i < 100'000; ++i) cuts.tell(static_cast<std::size_t>(i % 10), {i});
    EXPECT_LT(cuts.kept(), 100U);
    EXPECT_EQ(cuts.from(99'998), (places{{99'998}, {99'999}}));
}

TEST(KeyCuts, AgreeWithAMap)
{
    std::mt19937 random(3);
    key_cuts cuts;
    std::map<std::size_t, log_place> expected;
    std::int64_t from = 0;
    for (std::int64_t offset = 0; offset < 20'000; ++offset) {
        const std::size_t key = random() % 50;
        cuts.tell(key, {offset});
        expected[key] = {offset};
        if (random() % 10) continue;
        from = std::max(from, offset - static_cast<std::int64_t>(random() % 100));
        places all;
        for (const auto& [of, at] : expected)
            if (at.offset >= from) all.push_back(at);
        std::sort(all.begin(), all.end());
        ASSERT_EQ(cuts.from(from), all) << offset;
    }
}

} // namespace
