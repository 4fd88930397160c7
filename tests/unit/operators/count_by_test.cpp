#include <corostream/core/run.hpp>
#include <corostream/operators/aggregate_of.hpp>
#include <corostream/operators/count_by.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <tuple>

namespace {

using cs::testing::script;

struct phone {
    std::string name;
    int price = 0;
    std::string_view brand() const { return std::string_view(name).substr(0, name.find(' ')); }
};

template <class Key>
auto counted_by(script<phone>& input, Key key)
{
    virtual_run run;
    auto counts = input.stream() | cs::window(4s) | cs::count_by(key);
    auto window = run.finish(counts.next());
    using key_type = std::remove_cvref_t<decltype(window->begin()->first)>;
    return std::vector<std::pair<key_type, std::int64_t>>(window->begin(), window->end());
}

TEST(CountBy, OwnsAKeyThatIsAView)
{
    script<phone> input;
    input.batch(0, 0, {{"Samsung galaxy 9"}, {"Apple iphone 11"}, {"Samsung s2"}});
    EXPECT_EQ(counted_by(input, &phone::brand),
        (std::vector<std::pair<std::string, std::int64_t>>{{"Samsung", 2}, {"Apple", 1}}));
}

TEST(CountBy, TakesMembersAndFunctions)
{
    script<phone> input;
    input.batch(0, 0, {{"a", 5}, {"b", 5}, {"a", 6}});
    EXPECT_EQ(counted_by(input, &phone::price),
        (std::vector<std::pair<int, std::int64_t>>{{5, 2}, {6, 1}}));
    input.batch(0, 0, {{"a", 5}, {"b", 5}, {"a", 6}});
    EXPECT_EQ(counted_by(input, &phone::name),
        (std::vector<std::pair<std::string, std::int64_t>>{{"a", 2}, {"b", 1}}));
}

/// What windows that are cut apart for each key do with it.
TEST(CountBy, CountsInPartsOfOneKey)
{
    auto counting = cs::count_by(&phone::brand).over<phone>();
    static_assert(cs::keyed_aggregate_of<decltype(counting), phone>);
    phone galaxy{"Samsung galaxy 9"};
    auto [key, one] = counting.split(std::move(galaxy));
    EXPECT_EQ(key, "Samsung");
    auto a = counting.begin(std::move(one), {0, 0}), b = a;
    counting.extend(a, 1, {0, 1});
    counting.merge_part(a, std::move(b));
    decltype(counting)::share rows;
    counting.append(rows, "Samsung", 4, {1, 5});
    counting.append(rows, key, std::move(a), {0, 7});
    counting.append(rows, std::string("Apple"), 2, {0, 1});
    const auto result = counting.finish(std::move(rows));
    EXPECT_EQ((std::vector<std::pair<std::string, std::int64_t>>(result.begin(), result.end())),
        (std::vector<std::pair<std::string, std::int64_t>>{{"Apple", 2}, {"Samsung", 7}}));
    EXPECT_EQ(result.origin(1).offset, 7);
}

/// The whole stage against sorting and counting: partitions, batches, revocations and time, at
/// random.
TEST(CountBy, AgreesWithSortingAndCounting)
{
    for (unsigned seed = 0; seed < 60; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        const auto pick
            = [&](int low, int high) { return std::uniform_int_distribution(low, high)(random); };
        const cs::tumbling windows(cs::duration(pick(1, 40)), cs::duration(0));
        const int partitions = pick(1, 3), keys = pick(1, 12);

        struct record {
            cs::time_point begin;
            cs::partition_id partition;
            std::int64_t offset;
            std::string name;
        };
        std::vector<record> kept;
        script<phone> input;
        std::vector<std::int64_t> offsets(static_cast<std::size_t>(partitions));
        cs::time_point now{};
        for (int step = 0; step < 60; ++step) {
            const auto p = pick(0, partitions - 1);
            if (pick(0, 2) == 0) input.wait_until(now += cs::duration(pick(0, 30)));
            if (pick(0, 9) == 0) {
                input.batch(p, {}).revoke(p); // the pump of the batch fires what is due
                std::erase_if(kept, [&](const record& r) {
                    return r.partition == p && r.begin == windows.begin_of(now);
                });
            } else {
                std::vector<cs::testing::scripted<phone>> batch;
                for (int n = pick(0, 8); n > 0; --n) {
                    const auto offset = offsets[static_cast<std::size_t>(p)] += pick(1, 3);
                    const auto name = "key " + std::to_string(pick(1, keys));
                    batch.push_back({{name}, offset});
                    kept.push_back({windows.begin_of(now), p, offset, name});
                }
                input.batch(p, std::move(batch));
            }
        }

        std::sort(kept.begin(), kept.end(), [](const record& a, const record& b) {
            return std::tie(a.begin, a.partition, a.offset)
                 < std::tie(b.begin, b.partition, b.offset);
        });
        std::vector<std::pair<cs::time_point, std::vector<std::pair<std::string, std::int64_t>>>>
            expected, seen;
        for (const auto& r : kept) {
            if (expected.empty() || expected.back().first != r.begin)
                expected.push_back({r.begin, {}});
            auto& rows = expected.back().second;
            const auto same = std::find_if(
                rows.begin(), rows.end(), [&](const auto& row) { return row.first == r.name; });
            if (same == rows.end()) rows.emplace_back(r.name, 1);
            else ++same->second;
        }

        virtual_run run;
        auto counts = input.stream() | cs::window(windows.size()) | cs::count_by(&phone::name);
        while (auto w = run.finish(counts.next()))
            seen.push_back({w->begin_time(), {w->begin(), w->end()}});
        ASSERT_EQ(seen, expected);
        for (const auto& p : input.acknowledged()->cursors.back().positions)
            // all was counted in the end
            ASSERT_TRUE(
                p.offset == 0 || p.offset == offsets[static_cast<std::size_t>(p.partition)] + 1);
    }
}

} // namespace
