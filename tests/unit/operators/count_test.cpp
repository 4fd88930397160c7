#include <corostream/operators/count.hpp>
#include <corostream/time/window.hpp>
#include <support/instant_source.hpp>

#include <gtest/gtest.h>

namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

TEST(Count, YieldsANumberAWindow)
{
    using pipeline = decltype(instantly(std::vector<std::string>()) | cs::window(4s) | cs::count());
    static_assert(std::same_as<pipeline::value_type, cs::window_result<std::int64_t>>);
}

TEST(Count, CountsAndMerges)
{
    cs::detail::counting<std::string> counting;
    std::int64_t a = 0, b = 0;
    counting.add(a, "x", {0, 0});
    counting.add(a, "y", {0, 1});
    counting.add(b, "z", {1, 0});
    counting.merge(a, std::move(b));
    EXPECT_EQ(a, 3);
}

} // namespace
