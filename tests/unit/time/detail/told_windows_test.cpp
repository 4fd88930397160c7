#include <corostream/time/detail/told_windows.hpp>
#include <support/at.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
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

} // namespace told_windows_case
