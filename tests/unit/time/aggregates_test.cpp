// Each aggregate in each kind of windows, several in one pass, with keys and without: next to what
// plain loops make of the elements that the window had.

#include <corostream/operators/aggregate.hpp>
#include <corostream/operators/by_key.hpp>
#include <corostream/operators/count.hpp>
#include <corostream/operators/distinct.hpp>
#include <corostream/operators/first.hpp>
#include <corostream/operators/last.hpp>
#include <corostream/operators/max.hpp>
#include <corostream/operators/mean.hpp>
#include <corostream/operators/min.hpp>
#include <corostream/operators/reduce.hpp>
#include <corostream/operators/together.hpp>
#include <corostream/operators/top.hpp>
#include <corostream/operators/variance.hpp>
#include <corostream/sinks/for_each.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/cumulative.hpp>
#include <corostream/time/elements.hpp>
#include <corostream/time/event_time.hpp>
#include <corostream/time/global.hpp>
#include <corostream/time/hopping.hpp>
#include <corostream/time/session.hpp>
#include <corostream/time/sliding.hpp>
#include <corostream/time/tumbling.hpp>
#include <corostream/time/window.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <set>
#include <tuple>
#include <vector>

namespace aggregates {

struct sample {
    int partition, number, key, value;
    cs::time_point time;

    auto place() const { return std::tuple(partition, number); }
    friend bool operator==(const sample&, const sample&) = default;
};
using samples = std::vector<sample>;

/// Three partitions, up to two seconds out of order.
template <class Script>
int write(Script& input)
{
    std::mt19937 random(1);
    const auto pick
        = [&](int low, int high) { return std::uniform_int_distribution(low, high)(random); };
    int number = 0;
    for (int batch = 0; batch < 60; ++batch) {
        const auto p = batch % 3;
        std::vector<std::pair<sample, cs::duration>> all;
        for (int i = 0; i < 3; ++i) {
            const cs::duration time = batch * 700ms - pick(0, 2'000) * 1ms;
            all.push_back({{p, number++, pick(1, 3), pick(-9, 9), at(time)}, time});
        }
        input.timed(p, all.front().first.number, all);
    }
    input.end();
    return number;
}

/// All that is asked, and first of all the elements themselves.
auto everything()
{
    const auto add = [](samples& all, const sample& s) { all.push_back(s); };
    const auto merge
        = [](samples& into, samples&& from) { into.insert(into.end(), from.begin(), from.end()); };
    const auto remainder = [](const sample& s) { return s.value % 4; };
    const auto later = [](const sample& a, const sample& b) {
        return a.place() < b.place() ? b : a;
    };
    return cs::together(cs::aggregate(samples(), add, merge), cs::count(), cs::min(&sample::value),
        cs::max(&sample::value), cs::mean(&sample::value), cs::variance(&sample::value),
        cs::first(), cs::last(), cs::top(3, &sample::value), cs::distinct(remainder),
        cs::reduce(later));
}

/// A window that has something has each; without keys that is asked for.
template <class T>
T value_of(const std::optional<T>& made)
{
    return made.value();
}
template <class T>
T value_of(const T& made)
{
    return made;
}

template <class Results>
void check(const Results& results)
{
    const auto& [members, count, least, most, mean, spread, first, last, top, kinds, latest]
        = results;
    ASSERT_FALSE(members.empty());
    auto all = members;
    std::sort(all.begin(), all.end(),
        [](const sample& a, const sample& b) { return a.place() < b.place(); });
    auto by_time = all, by_value = all;
    std::sort(by_time.begin(), by_time.end(), [](const sample& a, const sample& b) {
        return std::tuple(a.time, a.place()) < std::tuple(b.time, b.place());
    });
    std::sort(by_value.begin(), by_value.end(), [](const sample& a, const sample& b) {
        return std::tuple(-a.value, a.place()) < std::tuple(-b.value, b.place());
    });
    const auto size = static_cast<double>(all.size());
    const auto sum = std::accumulate(all.begin(), all.end(), 0.0,
        [](double so_far, const sample& s) { return so_far + s.value; });
    const auto squares = std::accumulate(
        all.begin(), all.end(), 0.0, [&](double so_far, const sample& s) {
            return so_far + (s.value - sum / size) * (s.value - sum / size);
        });
    std::vector<int> different;
    for (const auto& s : all)
        if (std::find(different.begin(), different.end(), s.value % 4) == different.end())
            different.push_back(s.value % 4);

    EXPECT_EQ(count, static_cast<std::int64_t>(all.size()));
    EXPECT_EQ(value_of(least), by_value.back().value);
    EXPECT_EQ(value_of(most), by_value.front().value);
    EXPECT_NEAR(value_of(mean), sum / size, 1e-9);
    EXPECT_EQ(value_of(spread).count, count);
    EXPECT_NEAR(value_of(spread).mean, sum / size, 1e-9);
    EXPECT_NEAR(value_of(spread).variance, squares / size, 1e-9);
    EXPECT_EQ(value_of(first), by_time.front());
    EXPECT_EQ(value_of(last), by_time.back());
    by_value.resize(std::min<std::size_t>(3, by_value.size()));
    EXPECT_EQ(top, by_value);
    EXPECT_EQ(kinds, different);
    EXPECT_EQ(value_of(latest), all.back());
}

/// Every element is in a window; of late ones none is there.
template <class Windows>
void agrees(Windows windows)
{
    for (const bool with_keys : {true, false}) {
        cs::testing::script<sample> input;
        const auto written = write(input);
        std::set<int> seen;
        const auto look = [&](const auto& results) {
            check(results);
            for (const auto& s : std::get<0>(results)) seen.insert(s.number);
        };
        auto cut = input.stream() | cs::event_time(2s) | cs::window(windows);
        virtual_run run;
        if (with_keys) {
            auto job = std::move(cut) | cs::by_key(&sample::key, everything())
                     | cs::for_each([&](const auto& w) {
                           for (const auto& [key, results] : w) {
                               look(results);
                               for (const auto& s : std::get<0>(results)) EXPECT_EQ(s.key, key);
                           }
                       });
            run.finish(cs::run(job));
        } else {
            auto job = std::move(cut) | everything()
                     | cs::for_each([&](const auto& w) { look(w.value()); });
            run.finish(cs::run(job));
        }
        EXPECT_EQ(seen.size(), static_cast<std::size_t>(written));
    }
}

TEST(Aggregates, AgreeInTumblingWindows) { agrees(cs::tumbling(4s)); }
TEST(Aggregates, AgreeInHoppingWindows) { agrees(cs::hopping(5s, 2s)); }
TEST(Aggregates, AgreeInCumulativeWindows) { agrees(cs::cumulative(1s, 6s)); }
TEST(Aggregates, AgreeInSlidingWindows) { agrees(cs::sliding(5s)); }
TEST(Aggregates, AgreeInSessions) { agrees(cs::session(900ms)); }
TEST(Aggregates, AgreeInWindowsOfElements) { agrees(cs::elements(7, 3)); }
TEST(Aggregates, AgreeInTheGlobalWindow) { agrees(cs::global(cs::every(5s))); }

} // namespace aggregates
