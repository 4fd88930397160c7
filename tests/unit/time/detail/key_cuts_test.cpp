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
using places = std::vector<log_place>;

/// With the keys that it forgets noted.
class key_cuts : public corostream::detail::key_cuts {
    using base = corostream::detail::key_cuts;

    auto note()
    {
        return [this](std::size_t key, const log_place&) { forgotten.push_back(key); };
    }

public:
    void tell(std::size_t key, const log_place& at) { base::tell(key, at, note()); }
    places from(std::int64_t offset) { return base::from(offset, note()); }

    std::vector<std::size_t> forgotten;
};

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

/// Whether something has changed since they were listed or not, whatever it was.
TEST(KeyCuts, AgreeWithAMapHoweverOftenTheyAreListed)
{
    for (unsigned seed = 0; seed < 200; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        key_cuts cuts;
        std::map<std::size_t, log_place> expected;
        places ahead;
        std::int64_t from = 0, offset = 0;
        for (int step = 0; step < 500; ++step) {
            switch (random() % 8) {
            case 0: {
                const std::size_t key = random() % 20;
                const auto back = static_cast<std::int64_t>(random() % 9); // not in order
                const log_place at{std::max<std::int64_t>(offset - back, 0), step};
                cuts.tell(key, at);
                expected[key] = at;
                break;
            }
            case 1: // as an element comes
                ++offset;
                std::erase_if(ahead, [&](const auto& at) { return at.offset < offset; });
                ASSERT_EQ(cuts.reach({offset}), !ahead.empty() && ahead.front().offset == offset);
                std::erase_if(ahead, [&](const auto& at) { return at.offset <= offset; });
                break;
            case 2:
                cuts.pass(offset);
                std::erase_if(ahead, [&](const auto& at) { return at.offset < offset; });
                break;
            case 3:
                if (random() % 10) break;
                ahead.clear();
                for (std::int64_t n = 1; n < 5; ++n) ahead.push_back({offset + n * 3});
                cuts.resume(ahead);
                break;
            case 4: from = std::max(from, offset - static_cast<std::int64_t>(random() % 20)); break;
            default: break;
            }
            places all;
            std::erase_if(expected, [&](const auto& cut) { return cut.second.offset < from; });
            for (const auto& [of, at] : expected) all.push_back(at);
            std::sort(all.begin(), all.end());
            all.insert(all.end(), ahead.begin(), ahead.end());
            for (auto n = random() % 3; n > 0; --n) ASSERT_EQ(cuts.from(from), all) << step;
        }
    }
}

TEST(KeyCuts, AreListedAgainWhenTheyAreFewEnough)
{
    key_cuts cuts;
    for (std::size_t key = 0; key <= key_cuts::most; ++key)
        cuts.tell(key, {static_cast<std::int64_t>(key)});
    EXPECT_EQ(cuts.from(0), places{});
    EXPECT_EQ(cuts.from(0), places{});
    EXPECT_EQ(cuts.from(1).size(), key_cuts::most);
    EXPECT_EQ(cuts.from(key_cuts::most), places{{key_cuts::most}});
    EXPECT_EQ(cuts.from(key_cuts::most + 1), places{});
    cuts.tell(0, {5'000});
    EXPECT_EQ(cuts.from(5'000), places{{5'000}});
}

TEST(KeyCuts, TellWhichKeysAreLeftWithoutOne)
{
    key_cuts cuts;
    cuts.tell(1, {10});
    cuts.tell(0, {11});
    cuts.tell(1, {12});
    EXPECT_EQ(cuts.from(11), (places{{11}, {12}}));
    EXPECT_TRUE(cuts.forgotten.empty()); // 1 has another
    EXPECT_EQ(cuts.from(12), places{{12}});
    EXPECT_EQ(cuts.forgotten, std::vector<std::size_t>{0});
    EXPECT_EQ(cuts.from(13), places{});
    EXPECT_EQ(cuts.forgotten, (std::vector<std::size_t>{0, 1}));
}

/// Those are never listed again.
TEST(KeyCuts, LetGoOfTheFirstOfTooMany)
{
    key_cuts cuts;
    constexpr std::size_t keys = 100'000;
    for (std::size_t key = 0; key < keys; ++key) {
        cuts.tell(key, {static_cast<std::int64_t>(key)});
        ASSERT_LE(cuts.kept(), 5 * key_cuts::most);
    }
    EXPECT_EQ(cuts.kept() + cuts.forgotten.size(), keys);
    EXPECT_TRUE(std::is_sorted(cuts.forgotten.begin(), cuts.forgotten.end()));
    EXPECT_EQ(cuts.from(0), places{});
    EXPECT_EQ(cuts.from(keys - key_cuts::most - 1), places{});
    EXPECT_EQ(cuts.from(keys - key_cuts::most).size(), key_cuts::most);
}

/// A number that was forgotten is another key's.
TEST(KeyCuts, UseANumberAgain)
{
    key_cuts cuts;
    cuts.tell(0, {10});
    cuts.tell(1, {11});
    EXPECT_EQ(cuts.from(11), places{{11}});
    cuts.tell(0, {12});
    EXPECT_EQ(cuts.from(11), (places{{11}, {12}}));
}

/// With more keys than can be listed, from an offset that goes on by leaps.
TEST(KeyCuts, AgreeWithAMapHoweverManyTheyAre)
{
    std::mt19937 random(5);
    key_cuts cuts;
    std::map<std::size_t, log_place> expected;
    std::int64_t from = 0;
    int listed = 0;
    for (std::int64_t offset = 0; offset < 100'000; ++offset) {
        const std::size_t key = random() % 20'000;
        cuts.tell(key, {offset});
        expected[key] = {offset};
        if (random() % 50) continue;
        if (random() % 4 == 0)
            from = std::max(from, offset - static_cast<std::int64_t>(random() % 4'000));
        std::erase_if(expected, [&](const auto& cut) { return cut.second.offset < from; });
        places all;
        if (expected.size() <= key_cuts::most)
            for (const auto& [of, at] : expected) all.push_back(at);
        std::sort(all.begin(), all.end());
        listed += !all.empty();
        ASSERT_EQ(cuts.from(from), all) << offset;
    }
    EXPECT_GT(listed, 100);
}

} // namespace
