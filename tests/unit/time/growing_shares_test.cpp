#include "shares_oracle.hpp"

#include <corostream/time/detail/growing_shares.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>

namespace {

using growing = cs::detail::growing_shares<shares_oracle::table, int>;

TEST(GrowingShares, AddsUpWhatComesUntilItBeginsAnew)
{
    growing s;
    shares_oracle::merger merger;
    EXPECT_TRUE(s.empty());
    for (const int key : {1, 2, 4})
        s.fresh(key, {std::int64_t{10} * key, {}}).first->share = {{"a", key}};
    ASSERT_NE(s.first_fresh(), nullptr);
    EXPECT_EQ(*s.first_fresh(), 1);
    s.include(4, merger); // 4 is fresh still
    EXPECT_EQ(*s.first_fresh(), 4);
    EXPECT_EQ(s.query(merger), (shares_oracle::table{{"a", 3}}));
    s.evict(1, merger); // nothing is let go of a part
    EXPECT_EQ(s.hold().offset, 10);
    EXPECT_TRUE(s.is_included(1));
    s.amend(1, {{5, {}}}, {{"b", 1}}, merger);
    EXPECT_EQ(s.hold().offset, 5);
    EXPECT_EQ(s.query(merger), (shares_oracle::table{{"a", 3}, {"b", 1}}));
    s.evict(4, merger);
    EXPECT_EQ(s.query(merger), std::nullopt);
    EXPECT_EQ(s.hold().offset, 40);
    s.include(5, merger);
    EXPECT_EQ(s.query(merger), (shares_oracle::table{{"a", 4}}));
    EXPECT_EQ(s.first_fresh(), nullptr);
}

TEST(GrowingShares, AgreesWithAMap)
{
    for (unsigned seed = 0; seed < 10'000; ++seed) {
        growing s;
        shares_oracle::slides(s, seed, true);
        if (testing::Test::HasFatalFailure()) FAIL() << "seed " << seed;
    }
}

} // namespace
