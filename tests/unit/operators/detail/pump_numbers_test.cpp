#include <corostream/operators/detail/pump_numbers.hpp>
#include <support/allocations.hpp>
#include <support/task.hpp>

#include <gtest/gtest.h>

namespace {

using two_inputs = cs::detail::pump_numbers<2>;

TEST(PumpNumbers, FindsThoseOfACursorAndForgetsTheOnesBefore)
{
    two_inputs n;
    n.add(1, {10, 20});
    n.add(2, {10, 21});
    n.add(5, {11, 21});
    EXPECT_EQ(n.up_to(0), (two_inputs::numbers{0, 0}));
    EXPECT_EQ(n.up_to(2), (two_inputs::numbers{10, 21}));
    EXPECT_EQ(n.up_to(2), (two_inputs::numbers{10, 21}));
    EXPECT_EQ(n.up_to(4), (two_inputs::numbers{10, 21}));
    EXPECT_EQ(n.up_to(9), (two_inputs::numbers{11, 21}));
}

TEST(PumpNumbers, UsesItsMemoryAgain)
{
    two_inputs n;
    std::uint64_t taken = 0, done = 0;
    auto play = [&] {
        for (int i = 0; i < 1000; ++i) {
            ++taken;
            n.add(taken, {taken, 2 * taken});
            if (taken % 7 == 0) done += 7;
            EXPECT_EQ(n.up_to(done)[1], 2 * done);
        }
    };
    play();
    const auto before = allocations();
    play();
    EXPECT_EQ(allocations(), before);
}

} // namespace
