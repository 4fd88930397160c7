#include <corostream/kafka/detail/short_numbers.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace {

using corostream::kafka::detail::append_short;
using corostream::kafka::detail::append_signed;
using corostream::kafka::detail::take_short;
using corostream::kafka::detail::take_signed;

TEST(ShortNumbers, ComeBackOneAfterTheOther)
{
    std::string text;
    for (const std::uint64_t n : {std::uint64_t(0), std::uint64_t(31), std::uint64_t(32),
             std::numeric_limits<std::uint64_t>::max(), std::uint64_t(16)})
        append_short(text, n);
    EXPECT_EQ(text, "AfgB////////////PQ");
    std::string_view left = text;
    for (const std::uint64_t n : {std::uint64_t(0), std::uint64_t(31), std::uint64_t(32),
             std::numeric_limits<std::uint64_t>::max(), std::uint64_t(16)})
        EXPECT_EQ(take_short(left), n);
    EXPECT_EQ(take_short(left), std::nullopt);
}

TEST(ShortNumbers, MayHaveASign)
{
    using limits = std::numeric_limits<std::int64_t>;
    for (const std::int64_t n : {std::int64_t(0), std::int64_t(-1), std::int64_t(1),
             limits::min(), limits::max(), std::int64_t(-16)}) {
        std::string text;
        append_signed(text, n);
        std::string_view left = text;
        EXPECT_EQ(take_signed(left), n);
        EXPECT_EQ(take_signed(left), std::nullopt);
    }
}

TEST(ShortNumbers, AreNoneInTextThatIsNotTheirs)
{
    for (std::string_view text : {"", "-A", "g", "g-", "gggggggggggggggggggggggA"})
        EXPECT_EQ(take_short(text), std::nullopt) << text;
}

} // namespace
