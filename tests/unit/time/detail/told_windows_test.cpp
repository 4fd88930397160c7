#include <corostream/time/detail/told_windows.hpp>
#include <support/at.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <utility>

namespace told_windows_case {

using namespace std::chrono_literals;
using told_windows = corostream::detail::told_windows<int>;

struct adder {
    static void merge(int& into, int from) { into += from; }
};

TEST(ToldWindows, TellWhatTheyHadWithWhatCameLate)
{
    told_windows told;
    adder a;
    std::optional values(1);
    told.keep(at(2s), values, {10, {}}, a);
    EXPECT_EQ(values, 1);
    told.amend(at(4s), at(2s), {12, {}}, 20, a);
    told.amend(at(4s), at(2s), {13, {}}, 300, a);
    EXPECT_EQ(told.next(), std::pair(at(4s), at(2s)));
    EXPECT_EQ(told.hold().offset, 10);
    EXPECT_EQ(told.take(at(4s), at(2s), a), 321);
    EXPECT_EQ(told.next(), std::pair(corostream::never, corostream::never));
    told.forget(at(1s));
    EXPECT_EQ(told.hold().offset, 10);
    told.forget(at(2s));
    EXPECT_EQ(told.hold().offset, corostream::nothing_held);
}

/// As where a partition that is behind comes while another has told the window already.
TEST(ToldWindows, KeepWhatCameLateWhenTheWindowIsCompleteOnlyAfterwards)
{
    told_windows told;
    adder a;
    told.amend(at(4s), at(2s), {12, {}}, 20, a);
    EXPECT_EQ(told.take(at(4s), at(2s), a), 20);
    std::optional values(1);
    told.keep(at(2s), values, {10, {}}, a);
    EXPECT_EQ(values, 21) << "the complete result has it, too";
    EXPECT_EQ(told.hold().offset, 10);
    told.amend(at(6s), at(2s), {14, {}}, 300, a);
    EXPECT_EQ(told.take(at(6s), at(2s), a), 321);
    values.reset();
    told.keep(at(2s), values, {15, {}}, a);
    EXPECT_EQ(values, 321);
}

/// Next to plain lists of what is needed, in whatever order that comes.
TEST(ToldWindows, HoldTheFirstElementThatOneOfThemNeeds)
{
    for (unsigned seed = 0; seed < 500; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        const auto pick = [&](int low, int high) {
            return std::uniform_int_distribution(low, high)(random);
        };
        told_windows told;
        adder a;
        std::map<int, std::pair<std::int64_t, int>> windows; // lowest offset and value, by end
        std::map<std::pair<int, int>, std::pair<std::int64_t, int>> late;
        const auto include = [](auto& in, std::int64_t offset, int value) {
            in.first = std::min(in.first, offset);
            in.second += value;
        };
        constexpr std::pair nothing(corostream::nothing_held, 0);
        int forgotten = 0;
        for (int step = 0; step < 100; ++step) {
            const int end = pick(forgotten + 1, forgotten + 20), value = pick(1, 99);
            const auto offset = pick(0, 9) ? pick(0, 1'000) : corostream::nothing_held;
            switch (pick(0, 5)) {
            case 0:
            case 1: {
                std::optional values(value);
                told.keep(at(end * 1s), values, {offset, {}}, a);
                auto& window = windows.try_emplace(end, nothing).first->second;
                include(window, offset, value);
                ASSERT_EQ(values, window.second);
                break;
            }
            case 2:
            case 3: {
                const int due = end + pick(1, 5);
                told.amend(at(due * 1s), at(end * 1s), {offset, {}}, value, a);
                include(late.try_emplace({due, end}, nothing).first->second, offset, value);
                break;
            }
            case 4: {
                if (late.empty()) break;
                const auto [which, more] = *late.begin();
                const std::pair next(at(which.first * 1s), at(which.second * 1s));
                ASSERT_EQ(told.next(), next);
                auto& window = windows.try_emplace(which.second, nothing).first->second;
                include(window, more.first, more.second);
                ASSERT_EQ(told.take(next.first, next.second, a), window.second);
                late.erase(late.begin());
                break;
            }
            default:
                forgotten += pick(0, 4);
                told.forget(at(forgotten * 1s));
                windows.erase(windows.begin(), windows.upper_bound(forgotten));
            }
            auto lowest = corostream::nothing_held;
            for (const auto& [of, w] : windows) lowest = std::min(lowest, w.first);
            for (const auto& [of, l] : late) lowest = std::min(lowest, l.first);
            ASSERT_EQ(told.hold().offset, lowest) << step;
        }
    }
}

/// As for a partition that has nothing due while another has.
TEST(ToldWindows, LeaveWhatIsDueLaterWhereAnotherPartitionIsToldAgain)
{
    told_windows told;
    adder a;
    std::optional values(1);
    told.keep(at(2s), values, {10, {}}, a);
    told.amend(at(6s), at(2s), {12, {}}, 20, a);
    EXPECT_EQ(told.take(at(4s), at(2s), a), 1);
    EXPECT_EQ(told.take(at(4s), at(1s), a), std::nullopt);
    EXPECT_EQ(told.take(at(6s), at(2s), a), 21);
}

} // namespace told_windows_case
