#include <corostream/core/detail/key_hash.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

using corostream::detail::key_hash;

TEST(KeyHash, IsTheSameForStringsAndViewsWhereverTheyLie)
{
    for (std::size_t length = 0; length < 70; ++length) {
        const std::string key(length, 'k');
        const std::string shifted = "!" + key;
        EXPECT_EQ(key_hash()(key), key_hash()(std::string_view(shifted).substr(1)));
        EXPECT_EQ(key_hash()(key), key_hash()(key.c_str()));
    }
}

TEST(KeyHash, ReadsEveryByteAndTheLength)
{
    for (std::size_t length = 0; length < 40; ++length) {
        std::set<std::size_t> seen{key_hash()(std::string(length, '\0'))};
        for (std::size_t i = 0; i < length; ++i) {
            std::string changed(length, '\0');
            changed[i] = 1;
            EXPECT_TRUE(seen.insert(key_hash()(changed)).second)
                << "byte " << i << " of " << length;
        }
        EXPECT_TRUE(seen.insert(key_hash()(std::string(length + 1, '\0'))).second);
    }
}

/// The table takes the high bits for the place and the low ones to tell keys apart: both spread,
/// whatever the seed.
TEST(KeyHash, SpreadsCountersAndShortNames)
{
    const auto check = [](auto key_of) {
        constexpr int keys = 65'536, buckets = 256;
        std::vector<int> high(buckets), low(buckets);
        std::set<std::size_t> seen;
        for (int i = 0; i < keys; ++i) {
            const auto hash = key_hash()(key_of(i));
            ++high[hash >> 56U];
            ++low[hash & 255U];
            seen.insert(hash);
        }
        EXPECT_LT(*std::max_element(high.begin(), high.end()), 3 * keys / buckets);
        EXPECT_LT(*std::max_element(low.begin(), low.end()), 3 * keys / buckets);
        EXPECT_EQ(seen.size(), keys);
    };
    check([](int i) { return i; });
    check([](int i) { return std::int64_t{i} << 32; });
    check([](int i) { return "phone-" + std::to_string(i); });
    check([](int i) { return std::to_string(i); });
    check([](int i) { return std::pair(i, 0); });
}

} // namespace
