// The same input comes to the same bytes, floating point too: one small log, read in every way in
// which two partitions can be cut into batches and read in turn.

#include <corostream/operators/aggregate.hpp>
#include <corostream/operators/by_key.hpp>
#include <corostream/operators/mean.hpp>
#include <corostream/operators/together.hpp>
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
#include <support/environment.hpp>
#include <support/virtual_run.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <ios>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace same_bytes {

struct sample {
    char name;
    int key;
    double value;
    cs::duration time;
};
using log = std::array<std::vector<sample>, 2>; // by partition

// sums of these depend on what is added to what first; some are late for all their windows, some
// for a few
const log samples{{{{'a', 1, 0.1, 1s}, {'b', 2, 1e16, 5s}, {'c', 1, 0.7, 3s}, {'d', 1, -1e16, 9s},
                       {'e', 1, 1.0 / 3, 4s}},
    {{'v', 1, 1e9, 2s}, {'w', 1, 0.3, 4s}, {'x', 2, 0.9, 3s}, {'y', 1, 3.0, 6s},
        {'z', 1, 1e-7, 12s}}}};

/// Which partition a batch is of, and how many it brings.
using reading = std::vector<std::pair<std::size_t, std::size_t>>;

/// Calls `each` with every reading of what is left.
void for_every_reading(std::array<std::size_t, 2> left, reading& so_far,
    const std::function<void(const reading&)>& each)
{
    if (left == std::array<std::size_t, 2>{}) each(so_far);
    for (std::size_t p = 0; p < left.size(); ++p)
        for (std::size_t size = 1; size <= left[p]; ++size) {
            so_far.emplace_back(p, size);
            auto rest = left;
            rest[p] -= size;
            for_every_reading(rest, so_far, each);
            so_far.pop_back();
        }
}

template <class Results>
void print(std::ostream& out, const Results& results)
{
    const auto& [mean, spread, names] = results;
    out << names << ' ' << mean << ' ' << spread.mean << ' ' << spread.variance << '\n';
}

/// All that is told, byte for byte, and what is late.
template <class Windows>
std::string told(const reading& how, const Windows& windows)
{
    cs::testing::script<sample> input;
    std::array<std::size_t, 2> next{};
    for (const auto& [p, size] : how) {
        std::vector<std::pair<sample, cs::duration>> batch;
        for (std::size_t i = 0; i < size; ++i) {
            const auto& s = samples[p][next[p] + i];
            batch.emplace_back(s, s.time);
        }
        input.timed(
            static_cast<cs::partition_id>(p), static_cast<std::int64_t>(next[p]), std::move(batch));
        next[p] += size;
    }
    input.end();
    std::ostringstream out;
    out << std::hexfloat;
    const auto add = [](std::string& all, const sample& s) { all += s.name; };
    const auto merge = [](std::string& into, const std::string& from) { into += from; };
    std::set<char> late;
    auto job = input.stream() | cs::event_time(1s)
             | windows.late_to([&late](const sample& s) { late.insert(s.name); })
             | cs::by_key(&sample::key,
                 cs::together(cs::mean(&sample::value), cs::variance(&sample::value),
                     cs::aggregate(std::string(), add, merge)))
             | cs::for_each([&out](const auto& w) {
                   out << w.begin_time().time_since_epoch().count() << ' '
                       << w.end_time().time_since_epoch().count() << ' '
                       << static_cast<int>(w.emission()) << '\n';
                   for (const auto& [key, results] : w) {
                       out << key << ": ";
                       print(out, results);
                   }
               });
    virtual_run run;
    run.finish(cs::run(job));
    out << "late:";
    for (const auto name : late) out << ' ' << name;
    return std::move(out).str();
}

template <class Windows>
void are_the_same_however_it_is_read(const Windows& windows)
{
    // all of them, unless WINDOWS_CASES asks for less than the usual 20,000
    const auto share = std::max(20'000 / number_from_environment("WINDOWS_CASES", 20'000), 1U);
    std::string expected;
    unsigned readings = 0;
    reading none;
    for_every_reading({samples[0].size(), samples[1].size()}, none, [&](const reading& how) {
        if (readings++ % share != 0) return;
        const auto found = told(how, windows);
        if (readings == 1) expected = found;
        ASSERT_EQ(found, expected) << testing::PrintToString(how);
    });
    EXPECT_EQ(readings, 6'802U);
    EXPECT_THAT(expected, testing::HasSubstr("0x1.")); // and there is something to compare
}

TEST(SameBytes, OfTumblingWindows) { are_the_same_however_it_is_read(cs::window(4s)); }
TEST(SameBytes, OfHoppingWindows)
{
    are_the_same_however_it_is_read(cs::window(cs::hopping(5s, 2s)));
}
TEST(SameBytes, OfCumulativeWindows)
{
    are_the_same_however_it_is_read(cs::window(cs::cumulative(2s, 6s)));
}
TEST(SameBytes, OfSlidingWindows) { are_the_same_however_it_is_read(cs::window(cs::sliding(4s))); }
TEST(SameBytes, OfSessions) { are_the_same_however_it_is_read(cs::window(cs::session(2s))); }
TEST(SameBytes, OfWindowsOfElements)
{
    are_the_same_however_it_is_read(cs::window(cs::elements(3, 2)));
}
TEST(SameBytes, OfTheGlobalWindow)
{
    are_the_same_however_it_is_read(cs::window(cs::global(cs::every(2s))));
    are_the_same_however_it_is_read(cs::window(cs::global(cs::every(std::int64_t(2)))));
}
TEST(SameBytes, OfWindowsToldAgain)
{
    are_the_same_however_it_is_read(cs::window(2s).allowed(3s));
    are_the_same_however_it_is_read(cs::window(cs::hopping(5s, 2s)).allowed(3s));
    are_the_same_however_it_is_read(cs::window(cs::cumulative(2s, 6s)).allowed(3s));
    are_the_same_however_it_is_read(cs::window(cs::sliding(4s)).allowed(3s));
    are_the_same_however_it_is_read(cs::window(cs::session(2s)).allowed(3s));
}

} // namespace same_bytes
