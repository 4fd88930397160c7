#include <support/number.hpp>
#include <support/usage_error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

using testing::StartsWith;

namespace {

template <class Parse>
std::string complaint(Parse parse, std::string_view text)
{
    try {
        parse("--x", text);
    } catch (const support::usage_error& e) {
        return e.what();
    }
    return "none";
}

TEST(Number, a_count_is_a_whole_number_from_one_to_a_trillion)
{
    EXPECT_EQ(support::parse_count("--count", "1"), 1U);
    EXPECT_EQ(support::parse_count("--count", "1000000000000"), 1'000'000'000'000U);
    for (const std::string text : {"", "0", "-1", "+1", "1.5", "1e3", "ten", "1 ", "1000000000001",
             "99999999999999999999999"})
        EXPECT_THAT(complaint(support::parse_count, text),
            StartsWith("--x: '" + text + "' is not a whole number"));
}

TEST(Number, a_rate_is_zero_or_within_reason)
{
    EXPECT_EQ(support::parse_rate("--rate", "0"), 0);
    EXPECT_EQ(support::parse_rate("--rate", "0.5"), 0.5);
    EXPECT_EQ(support::parse_rate("--rate", "1e6"), 1e6);
    for (const std::string text :
        {"", "-1", "-0.5", "nan", "inf", "1e7", "1e-9", "1e999", "2/s", "two", " 2"})
        EXPECT_THAT(complaint(support::parse_rate, text),
            StartsWith("--x: '" + text + "' is not a number"));
}

TEST(Number, a_positive_rate_is_within_reason)
{
    EXPECT_EQ(support::parse_positive_rate("--event-rate", "0.0001"), 0.0001);
    EXPECT_EQ(support::parse_positive_rate("--event-rate", "1e6"), 1e6);
    for (const std::string text :
        {"", "0", "-0", "0.0", "-1", "nan", "inf", "1000001", "0.00009", "1e999", "10/s", "1 "})
        EXPECT_THAT(complaint(support::parse_positive_rate, text),
            StartsWith("--x: '" + text + "' is not a number from 0.0001 to 1000000 a second"));
}

TEST(Number, a_seed_is_any_unsigned_number)
{
    EXPECT_EQ(support::parse_seed("--seed", "0"), 0U);
    EXPECT_EQ(support::parse_seed("--seed", "18446744073709551615"), 18446744073709551615U);
    for (const std::string text : {"", "-1", "18446744073709551616", "a"})
        EXPECT_THAT(complaint(support::parse_seed, text), StartsWith("--x: '" + text + "' is not"));
}

} // namespace
