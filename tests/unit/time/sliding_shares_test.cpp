#include "shares_oracle.hpp"

#include <corostream/time/detail/sliding_shares.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <vector>

namespace {

using sliding = cs::detail::sliding_shares<shares_oracle::table, int>;

TEST(SlidingShares, AddsUpWhatIsInTheRange)
{
    sliding s;
    shares_oracle::merger merger;
    EXPECT_TRUE(s.empty());
    for (const int key : {1, 2, 4})
        s.fresh(key, {std::int64_t{10} * key, {}}).first->share = {{"a", key}};
    s.include(4, merger); // 4 is fresh still
    EXPECT_EQ(s.query(merger), (shares_oracle::table{{"a", 3}}));
    s.slide(2, 3, merger);
    s.include(5, merger);
    EXPECT_EQ(s.query(merger), (shares_oracle::table{{"a", 6}}));
    EXPECT_EQ(s.hold().offset, 20);
    s.evict(5, merger);
    EXPECT_EQ(s.query(merger), std::nullopt);
    EXPECT_TRUE(s.empty());
    EXPECT_EQ(s.hold().offset, cs::nothing_held);
}

TEST(SlidingShares, AmendsWhatIsInTheRange)
{
    sliding s;
    shares_oracle::merger merger;
    for (int key : {1, 3, 5}) s.fresh(key, {std::int64_t{10} * key, {}}).first->share = {{"a", 1}};
    s.include(6, merger);
    s.slide(2, 10, merger); // now 3 and 5 are before the cut
    EXPECT_TRUE(s.is_included(4));
    EXPECT_FALSE(s.is_included(6));
    s.amend(4, {{7, {}}}, {{"b", 1}}, merger);
    s.amend(5, {{60, {}}}, {{"c", 1}}, merger);
    EXPECT_EQ(s.query(merger), (shares_oracle::table{{"a", 2}, {"b", 1}, {"c", 1}}));
    EXPECT_EQ(s.hold().offset, 7);
    s.slide(4, 10, merger);
    EXPECT_EQ(s.query(merger), (shares_oracle::table{{"a", 1}, {"b", 1}, {"c", 1}}));
    s.slide(5, 10, merger);
    EXPECT_EQ(s.query(merger), (shares_oracle::table{{"a", 1}, {"c", 1}}));
}

TEST(SlidingShares, MergesAShareTwiceOrSoHoweverManyARangeHas)
{
    sliding s;
    shares_oracle::merger merger;
    constexpr int keys = 10'000, range = 1'000;
    for (int key = 0; key < keys; ++key) {
        s.fresh(key, {key, {}}).first->share = {{"a", 1}};
        s.include(key + 1, merger);
        s.slide(key + 1 - range, range, merger);
        const auto whole = s.query(merger);
        ASSERT_EQ(whole->at("a"), std::min(key + 1, range));
    }
    EXPECT_LE(merger.merged, 3 * keys); // with the one of each query
}

/// Floating point shows what was added to what.
TEST(SlidingShares, ComesToTheSameBitsWhereverSlidingBegan)
{
    struct adder {
        static void merge(double& into, double from) { into += from; }
    } merger;
    using sums = cs::detail::sliding_shares<double, int>;
    std::mt19937 random(1);
    constexpr int keys = 300, range = 17;
    std::vector<double> values;
    for (int key = 0; key < keys; ++key) values.push_back(1.0 / static_cast<double>(random()));
    std::vector<std::optional<double>> expected;
    for (int first = 0; first < keys / 2; ++first) {
        sums s;
        for (int begin = first; begin + range <= keys; begin += 3) {
            for (int key = begin == first ? first : begin + range - 3; key < begin + range; ++key)
                s.fresh(key, {key, {}}).first->share = values[static_cast<std::size_t>(key)];
            s.include(begin + range, merger);
            s.slide(begin, range, merger);
            const auto at = static_cast<std::size_t>(begin);
            if (expected.size() <= at) expected.resize(at + 1);
            if (!expected[at]) expected[at] = s.query(merger);
            ASSERT_EQ(s.query(merger), expected[at]) << first << ' ' << begin;
            if (random() % 3 == 0) s.evict(begin + 3, merger);
        }
    }
}

/// As tumbling windows use it: whatever order panes come in, they are taken from the first on.
TEST(SlidingShares, AgreesWithAMapFarOutOfOrder)
{
    for (unsigned seed = 0; seed < 200; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        sliding s;
        std::map<int, shares_oracle::share> plain;
        const int reach = 1 + static_cast<int>(random() % 500);
        int taken = 0; // those before are gone
        for (int offset = 0; offset < 1'000; ++offset) {
            const int key = taken + static_cast<int>(random() % static_cast<unsigned>(reach));
            const auto [entry, is_new] = s.fresh(key, {offset, {}});
            const auto [at, expected] = plain.try_emplace(key, shares_oracle::share{{}, offset});
            ASSERT_EQ(is_new, expected);
            ASSERT_EQ(entry->key, key);
            ++entry->share["a"];
            ++at->second.values["a"];
            for (auto n = random() % 3 ? 0 : random() % 40; n > 0 && !plain.empty(); --n) {
                ASSERT_EQ(s.first_key(), plain.begin()->first);
                ASSERT_EQ(s.first_held().offset, plain.begin()->second.first);
                ASSERT_EQ(s.take_first(), plain.begin()->second.values);
                taken = plain.begin()->first + 1;
                plain.erase(plain.begin());
            }
            ASSERT_EQ(s.empty(), plain.empty());
            auto lowest = cs::nothing_held;
            for (const auto& [of, share] : plain) lowest = std::min(lowest, share.first);
            ASSERT_EQ(s.hold().offset, lowest);
            if (plain.empty()) continue;
            ASSERT_EQ(s.last_key(), plain.rbegin()->first);
        }
    }
}

TEST(SlidingShares, AgreesWithAMap)
{
    for (unsigned seed = 0; seed < 10'000; ++seed) {
        sliding s;
        shares_oracle::slides(s, seed, false);
        if (testing::Test::HasFatalFailure()) FAIL() << "seed " << seed;
    }
}

} // namespace
