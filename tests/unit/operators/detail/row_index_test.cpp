#include <corostream/core/detail/row_index.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace {

using corostream::detail::row_index;

/// Few different hashes for many keys: they meet all the time, and at the end of the table too.
TEST(RowIndex, TellsKeysApartWhoseHashesMeet)
{
    for (std::uint32_t hashes : {1U, 3U, 500U}) {
        row_index index;
        std::vector<int> keys;
        const auto hash_of = [&](int key) {
            return 0xFFFFFFFFU - static_cast<std::uint32_t>(key) % hashes;
        };
        const auto hash_of_row = [&](std::uint32_t r) { return hash_of(keys[r]); };
        const auto find_or_add = [&](int key) {
            const auto same = [&](std::uint32_t r) { return keys[r] == key; };
            const auto row = index.find(hash_of(key), same);
            if (row != row_index::none) return row;
            const auto next = static_cast<std::uint32_t>(keys.size());
            keys.push_back(key);
            index.add(hash_of(key), next, hash_of_row);
            return next;
        };
        for (int round = 0; round < 2; ++round)
            for (int key = 0; key < 300; ++key)
                ASSERT_EQ(find_or_add(key), static_cast<std::uint32_t>(key));
        EXPECT_EQ(keys.size(), 300U);
    }
}

TEST(RowIndex, FindsNothingWhereNothingIs)
{
    row_index index;
    const auto any = [](std::uint32_t) { return true; };
    EXPECT_EQ(index.find(7, any), row_index::none);
    const auto seven = [](std::uint32_t) { return 7U; };
    index.reserve(1000, seven);
    EXPECT_EQ(index.find(7, any), row_index::none);
    index.add(7, 0, seven);
    EXPECT_EQ(index.find(7, any), 0U);
    EXPECT_EQ(index.find(8, any), row_index::none);
}

TEST(RowIndex, HasRoomForAllThatWasReserved)
{
    for (std::uint32_t rows :
        {1U, 5U, 16U, 17U, 1'000U, 32'768U, 32'769U, 40'000U, 65'537U, 70'000U}) {
        row_index index;
        std::size_t asked = 0; // as it grows
        const auto hash_of = [&](std::uint32_t row) { return ++asked, row * 2'654'435'761U; };
        index.reserve(rows, hash_of);
        for (std::uint32_t row = 0; row < rows; ++row)
            index.add(row * 2'654'435'761U, row, hash_of);
        EXPECT_EQ(asked, 0U) << rows;
        for (std::uint32_t row = rows; row < 5 * rows; ++row)
            index.add(row * 2'654'435'761U, row, hash_of);
        EXPECT_GT(asked, 0U) << rows;
        for (std::uint32_t row = 0; row < 5 * rows; ++row) {
            const auto same = [row](std::uint32_t r) { return r == row; };
            ASSERT_EQ(index.find(row * 2'654'435'761U, same), row);
        }
    }
}

/// Few hashes, also at the end of the table, so that erasing moves rows across it.
TEST(RowIndex, FindsTheOthersAfterSomeWereErased)
{
    for (std::uint32_t hashes : {1U, 3U, 40U}) {
        std::mt19937 random(hashes);
        row_index index;
        std::vector<bool> there(48);
        const auto hash_of = [&](std::uint32_t row) { return 0xFFFFFFFFU - row % hashes; };
        const auto find = [&](std::uint32_t row) {
            return index.find(hash_of(row), [&](std::uint32_t r) { return r == row; });
        };
        for (int i = 0; i < 2000; ++i) {
            const auto row = static_cast<std::uint32_t>(random() % there.size());
            if (there[row]) index.erase(hash_of(row), row, hash_of);
            else index.add(hash_of(row), row, hash_of);
            there[row] = !there[row];
            for (std::uint32_t r = 0; r < there.size(); ++r)
                ASSERT_EQ(find(r), there[r] ? r : row_index::none);
        }
    }
}

} // namespace
