#include <corostream/operators/keyed_table.hpp>
#include <support/allocations.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = corostream;

namespace {

template <class Key, class Value>
auto rows(const cs::keyed_table<Key, Value>& t)
{
    return std::vector<std::pair<Key, Value>>(t.begin(), t.end());
}

using string_rows = std::vector<std::pair<std::string, int>>;
std::plus<> plus;

TEST(KeyedTable, KeepsKeysInTheOrderInWhichTheyWereFirstSeen)
{
    cs::keyed_table<std::string, int> t;
    EXPECT_TRUE(t.empty());
    for (std::string_view key : {"c", "a", "c", "b", "a", "c"}) t.reduce(key, 1, plus, {0, 0});
    EXPECT_EQ(rows(t), (string_rows{{"c", 3}, {"a", 2}, {"b", 1}}));
    EXPECT_EQ(t.size(), 3U);
}

TEST(KeyedTable, RemembersWhereAKeyWasFirstSeen)
{
    cs::keyed_table<std::string, int> t;
    t.reduce("a", 1, plus, {2, 70});
    t.reduce("a", 1, plus, {1, 5});
    EXPECT_EQ(t.origin(0).partition, 2);
    EXPECT_EQ(t.origin(0).offset, 70);
}

TEST(KeyedTable, FindsKeysByWhatComparesToThem)
{
    cs::keyed_table<std::string, int> t;
    t.reduce(std::string("phone"), 7, plus, {0, 0});
    ASSERT_NE(t.find(std::string_view("phone")), nullptr);
    EXPECT_EQ(*t.find(std::string_view("phone")), 7);
    EXPECT_EQ(*t.find(std::string("phone")), 7);
    EXPECT_EQ(t.find(std::string_view("phon")), nullptr);
    EXPECT_EQ(t.find(std::string_view()), nullptr);
}

TEST(KeyedTable, TellsKeysOfAnyBytesApart)
{
    cs::keyed_table<std::string, int> t;
    std::vector<std::string> keys{""};
    for (std::size_t length = 1; length < 40; ++length)
        for (char c : {'\0', 'a', '\xff'}) {
            keys.push_back(std::string(length, c));
            keys.push_back(std::string(length - 1, 'a') + c + '!');
        }
    std::map<std::string, int> plain;
    for (const auto& key : keys) {
        t.reduce(std::string_view(key), 1, plus, {0, 0});
        ++plain[key];
    }
    EXPECT_EQ(t.size(), plain.size());
    for (const auto& [key, n] : t) EXPECT_EQ(n, plain.at(key));
}

TEST(KeyedTable, ReducesOldWithNew)
{
    cs::keyed_table<int, std::string> t;
    auto append = [](std::string a, std::string_view b) { return a.append(b); };
    t.reduce(1, "a", append, {0, 0});
    t.reduce(1, "b", append, {0, 1});
    t.reduce(1, "c", append, {0, 2});
    EXPECT_EQ(*t.find(1), "abc");
}

TEST(KeyedTable, MergesRowsBehindAndIntoItsOwn)
{
    cs::keyed_table<std::string, int> a, b;
    for (std::string_view key : {"x", "y"}) a.reduce(key, 1, plus, {0, 0});
    for (std::string_view key : {"z", "y", "w"}) b.reduce(key, 10, plus, {1, 8});
    a.merge(std::move(b), plus);
    EXPECT_EQ(rows(a), (string_rows{{"x", 1}, {"y", 11}, {"z", 10}, {"w", 10}}));
    EXPECT_EQ(a.origin(1).partition, 0);
    EXPECT_EQ(a.origin(2).partition, 1);
    EXPECT_EQ(*a.find(std::string_view("w")), 10);
}

TEST(KeyedTable, SortsRowsThatWereMergedOutOfOrder)
{
    cs::keyed_table<std::string, int> a;
    a.reduce("late", 1, plus, {0, 8});
    a.merge_row("first", 2, plus, {0, 1});
    a.merge_row("other partition", 3, plus, {1, 0});
    a.merge_row("late", 4, plus, {0, 2});
    a.merge_row("late", 5, plus, {0, 9});
    a.sort_rows();
    EXPECT_EQ(rows(a), (string_rows{{"first", 2}, {"late", 10}, {"other partition", 3}}));
    EXPECT_EQ(a.origin(1).offset, 2);
    EXPECT_EQ(*a.find("late"), 10);
    EXPECT_EQ(a.find("later"), nullptr);
    a.reduce("new", 1, plus, {2, 0});
    EXPECT_EQ(*a.find("new"), 1);
}

TEST(KeyedTable, HandsOutValuesToBeChangedInPlace)
{
    cs::keyed_table<std::string, std::vector<int>> t;
    t.slot(std::string_view("a"), {0, 5}).push_back(1);
    t.slot(std::string_view("b"), {0, 6}).push_back(2);
    t.slot(std::string_view("b"), {0, 4}).push_back(3);
    t.sort_rows();
    auto sizes = std::move(t).transform([](const std::vector<int>& v) { return v.size(); });
    EXPECT_EQ(
        rows(sizes), (std::vector<std::pair<std::string, std::size_t>>{{"b", 2}, {"a", 1}}));
    EXPECT_EQ(*sizes.find(std::string_view("b")), 2U);
}

TEST(KeyedTable, WorksOnAfterAMove)
{
    cs::keyed_table<std::string, int> a;
    a.reduce("x", 1, plus, {0, 0});
    auto b = std::move(a);
    b.reduce("x", 1, plus, {0, 0});
    b.reduce("y", 1, plus, {0, 0});
    cs::keyed_table<std::string, int> c;
    c.reduce("z", 1, plus, {0, 0});
    c = std::move(b);
    c.reduce("y", 1, plus, {0, 0});
    for (int i = 0; i < 100; ++i) c.reduce(std::to_string(i), int(i), plus, {0, 0});
    EXPECT_EQ(c.size(), 102U);
    EXPECT_EQ(*c.find(std::string_view("x")), 2);
    EXPECT_EQ(*c.find(std::string_view("y")), 2);
    EXPECT_EQ(c.find(std::string_view("z")), nullptr);
}

TEST(KeyedTable, TakesKeysThatAreNoStrings)
{
    enum class color : unsigned char {
        red,
        green
    };
    cs::keyed_table<color, int> colors;
    colors.reduce(color::green, 1, plus, {0, 0});
    EXPECT_EQ(*colors.find(color::green), 1);
    cs::keyed_table<std::pair<int, std::string>, int> pairs;
    pairs.reduce(std::pair(1, std::string("a")), 1, plus, {0, 0});
    pairs.reduce(std::pair(1, std::string("a")), 1, plus, {0, 0});
    EXPECT_EQ(*pairs.find(std::pair(1, std::string("a"))), 2);
    cs::keyed_table<double, int> doubles;
    for (double d : {0.0, -0.0, 1.5}) doubles.reduce(double(d), 1, plus, {0, 0});
    EXPECT_EQ(doubles.size(), 2U);
}

/// The first rows have no index; making room gives them one.
TEST(KeyedTable, FindsItsFirstRowsBeforeAndAfterRoomIsReserved)
{
    for (int early : {0, 1, 4, 5}) {
        cs::keyed_table<int, int> t;
        for (int key = 0; key < early; ++key) t.reduce(key, 1, plus, {0, key});
        t.reserve(100);
        for (int key = 0; key < 60; ++key) t.reduce(key, 1, plus, {0, 100 + key});
        ASSERT_EQ(t.size(), 60U);
        for (int key = 0; key < 60; ++key) EXPECT_EQ(*t.find(key), key < early ? 2 : 1);
    }
}

TEST(KeyedTable, AllocatesNothingForAKeyOnceSeen)
{
    std::vector<std::string> keys;
    for (int i = 0; i < 100; ++i)
        keys.push_back("a name too long for a small string " + std::to_string(i));
    cs::keyed_table<std::string, int> t;
    for (std::string_view key : keys) t.reduce(key, 1, plus, {0, 0});
    const auto before = allocations();
    for (int round = 0; round < 100; ++round)
        for (std::string_view key : keys) t.reduce(key, 1, plus, {0, 0});
    EXPECT_EQ(allocations(), before);
    EXPECT_EQ(*t.find(keys[99]), 101);

    const auto one = std::make_unique<int>(); // so that a count that counts nothing is noticed
    EXPECT_EQ(allocations(), before + 1);
}

TEST(KeyedTable, AllocatesEachKeyOnceWhenRoomIsReserved)
{
    std::vector<std::string> keys;
    for (int i = 0; i < 100; ++i)
        keys.push_back("a name too long for a small string " + std::to_string(i));
    cs::keyed_table<std::string, int> t;
    t.reserve(keys.size());
    const auto before = allocations();
    for (std::string_view key : keys) t.reduce(key, 1, plus, {0, 0});
    EXPECT_EQ(allocations() - before, keys.size());
}

TEST(KeyedTable, AgreesWithAPlainMap)
{
    for (unsigned seed = 0; seed < 100; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        const auto pick
            = [&](int low, int high) { return std::uniform_int_distribution(low, high)(random); };
        cs::keyed_table<std::string, int> parts[3];
        std::vector<std::string> first_seen;
        std::map<std::string, int> plain;
        const int keys = pick(1, 500);
        std::int64_t offset = 0;
        for (auto& part : parts) {
            if (pick(0, 1) == 0) part.reserve(static_cast<std::size_t>(pick(0, 100)));
            for (int n = pick(0, 400); n > 0; --n) {
                const auto key = std::string(static_cast<std::size_t>(pick(0, 3)) * 8, 'k')
                               + std::to_string(pick(1, keys));
                const auto value = pick(-5, 5);
                part.reduce(std::string_view(key), int(value), plus, {0, offset++});
                if (plain.try_emplace(key, 0).second) first_seen.push_back(key);
                plain[key] += value;
            }
        }
        std::shuffle(std::begin(parts), std::end(parts), random); // later rows may come first
        parts[0].merge(std::move(parts[1]), plus);
        parts[0].merge(std::move(parts[2]), plus);
        parts[0].sort_rows();
        string_rows expected;
        for (const auto& key : first_seen) expected.emplace_back(key, plain.at(key));
        ASSERT_EQ(rows(parts[0]), expected);
        for (const auto& [key, value] : expected) ASSERT_EQ(*parts[0].find(key), value);
    }
}

} // namespace
