#include <corostream/core/detail/key_slots.hpp>

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using slots = corostream::detail::key_slots<std::string, int>;

TEST(KeySlots, KeepANumberUntilTheKeyIsErasedAndUseItAgain)
{
    slots s;
    const auto a = s.find_or_add(std::string_view("a")), b = s.find_or_add(std::string_view("b"));
    s[a] = 1;
    EXPECT_EQ(s.find_or_add(std::string_view("a")), a);
    EXPECT_EQ(s.key(b), "b");
    s.erase(a);
    EXPECT_FALSE(s.contains(a));
    EXPECT_EQ(s.find(std::string_view("a")), slots::none);
    EXPECT_EQ(s.numbers(), std::vector{b});
    const auto c = s.find_or_add(std::string_view("c"));
    EXPECT_EQ(c, a);
    EXPECT_EQ(s[c], 0) << "a slot that is used again starts empty";
    EXPECT_EQ(s.size(), 2U);
}

/// Keys come and go in any order, so that the index moves what lies behind them.
TEST(KeySlots, FindWhatIsThereAfterManyWereErased)
{
    std::mt19937 random(11);
    slots s;
    std::map<std::string, int> expected;
    for (int i = 0; i < 50'000; ++i) {
        const auto key = std::to_string(random() % 700);
        if (random() % 2 == 0) {
            s[s.find_or_add(key)] = expected[key] = i;
        } else if (const auto n = s.find(key); n != slots::none) {
            ASSERT_EQ(expected.erase(key), 1U);
            s.erase(n);
        } else {
            ASSERT_FALSE(expected.contains(key));
        }
        ASSERT_EQ(s.size(), expected.size());
    }
    for (const auto& [key, value] : expected) {
        const auto n = s.find(key);
        ASSERT_NE(n, slots::none);
        EXPECT_EQ(s[n], value);
    }
}

} // namespace
