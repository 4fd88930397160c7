#include <corostream/operators/detail/key_hash.hpp>

#include <gtest/gtest.h>

#include <bit>
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
        std::set<std::size_t> seen { key_hash()(std::string(length, '\0')) };
        for (std::size_t i = 0; i < length; ++i) {
            std::string changed(length, '\0');
            changed[i] = 1;
            EXPECT_TRUE(seen.insert(key_hash()(changed)).second) << "byte " << i << " of " << length;
        }
        EXPECT_TRUE(seen.insert(key_hash()(std::string(length + 1, '\0'))).second);
    }
}

/// Few bits that differ in a key make half of the bits of its hash differ, the low ones and the high ones.
TEST(KeyHash, SpreadsCountersAndShortNames)
{
    const auto check = [](auto key_of) {
        std::vector<int> flipped(64);
        constexpr int n = 4000;
        for (int i = 0; i < n; ++i) {
            const auto differ = key_hash()(key_of(i)) ^ key_hash()(key_of(i + 1));
            for (unsigned bit = 0; bit < 64; ++bit) flipped[bit] += static_cast<int>(differ >> bit & 1U);
        }
        for (int f : flipped) {
            EXPECT_GT(f, n * 4 / 10);
            EXPECT_LT(f, n * 6 / 10);
        }
    };
    check([](int i) { return i; });
    check([](int i) { return std::int64_t { i } << 32; });
    check([](int i) { return "phone-" + std::to_string(i); });
    check([](int i) { return std::to_string(i); });
    check([](int i) { return std::pair(i, 0); });
}

} // namespace
