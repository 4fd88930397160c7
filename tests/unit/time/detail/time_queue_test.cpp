#include <corostream/time/detail/time_queue.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <utility>

namespace {

using corostream::time_point;
using corostream::detail::time_queue;

/// Mostly in order, some far ahead, some behind, and taken out in between: against a map.
TEST(TimeQueue, BringsTheEarliestFirst)
{
    std::mt19937 random(7);
    time_queue queue;
    std::multimap<time_point, std::uint32_t> expected;
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        auto at = time_point(std::chrono::microseconds(i));
        if (random() % 8 == 0) at -= std::chrono::microseconds(random() % 500);
        if (random() % 1000 == 0) at += std::chrono::microseconds(2000);
        queue.push({at, i});
        expected.emplace(at, i);
        for (auto out = random() % 3; out > 0 && !expected.empty(); --out) {
            ASSERT_EQ(queue.top().time, expected.begin()->first);
            auto known = expected.begin();
            while (known != expected.end() && known->second != queue.top().number) ++known;
            ASSERT_TRUE(known != expected.end() && known->first == queue.top().time);
            expected.erase(known);
            queue.pop();
        }
        ASSERT_EQ(queue.empty(), expected.empty());
    }
}

} // namespace
