#include <corostream/core/escape.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using corostream::escape;
using corostream::is_utf8;
using namespace std::string_view_literals;

TEST(Escape, LeavesOrdinaryTextAlone)
{
    for (auto text : {""sv, "Samsung galaxy 9"sv, "Grüße, 電話 📱"sv, "é combining: e\u0301"sv,
             "~!@#$%^&*()\"'"sv})
        EXPECT_EQ(escape(text), text);
}

TEST(Escape, ShowsControlCharacters)
{
    EXPECT_EQ(escape("\x1b[31mred\x1b[0m"), "\\x1b[31mred\\x1b[0m");
    EXPECT_EQ(escape("a\nb\tc\rd"), "a\\x0ab\\x09c\\x0dd");
    EXPECT_EQ(escape("\0"sv), "\\x00");
    EXPECT_EQ(escape("\x7f"), "\\x7f");
    for (char c = 0; c < 0x20; ++c) EXPECT_EQ(escape(std::string(1, c)).size(), 4U);
}

TEST(Escape, ShowsTheSecondSetOfControlCharacters)
{
    // one character that starts a terminal sequence
    EXPECT_EQ(escape("\u009b31m"), "\\xc2\\x9b31m");
    EXPECT_EQ(escape("\u0080"), "\\xc2\\x80");
    EXPECT_EQ(escape("\u00a0"), "\u00a0");
}

TEST(Escape, ShowsMarksThatReorderOrBreakText)
{
    for (auto mark : {"\u061c", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d",
             "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u2028", "\u2029", "\ufeff"}) {
        const auto shown = escape("a" + std::string(mark) + "b");
        EXPECT_EQ(shown.find_first_not_of("a\\x0123456789abcdef"), std::string::npos) << shown;
        EXPECT_EQ(shown.size(), 2 + 4 * std::string_view(mark).size());
    }
    EXPECT_EQ(escape("\u200d"), "\u200d"); // joins emoji
}

TEST(Escape, DoublesTheBackslashSoThatNothingIsAmbiguous)
{
    EXPECT_EQ(escape("\\x1b"), "\\\\x1b");
    EXPECT_NE(escape("\\x1b"), escape("\x1b"));
}

TEST(Escape, ShowsBytesThatAreNotUtf8)
{
    const std::vector<std::string_view> bad{
        "\x80", "\xbf", // a continuation alone
        "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
        "\xf0\x8f\xbf\xbf", // longer than need be
        "\xed\xa0\x80", "\xed\xbf\xbf", // surrogates
        // beyond the last character
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff", "\xc3",
        "\xe2\x82", "\xf0\x9f\x93", // cut off at the end
    };
    for (auto bytes : bad) {
        EXPECT_FALSE(is_utf8(bytes));
        EXPECT_EQ(escape(bytes).size(), 4 * bytes.size()) << escape(bytes);
    }
    EXPECT_EQ(escape("\xc3"
                     "A"),
        "\\xc3A"); // cut off in the middle: what follows is read again
    EXPECT_EQ(escape("\xe2\x82\xc3\xa9"), "\\xe2\\x82é");
    EXPECT_EQ(escape("\xf0\x9f\x93\xf0\x9f\x93\xb1"), "\\xf0\\x9f\\x93📱");
}

TEST(Escape, KnowsTheEdgesOfEachLength)
{
    for (auto text : {"\u0080"sv, "\u07ff"sv, "\u0800"sv, "\xed\x9f\xbf"sv, "\ue000"sv, "\uffff"sv,
             "\U00010000"sv, "\U0010ffff"sv})
        EXPECT_TRUE(is_utf8(text));
}

/// Undoes `escape`, as a reader would.
std::string unescape(std::string_view shown)
{
    std::string bytes;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        if (shown[i] != '\\') bytes += shown[i];
        else if (shown[++i] == '\\') bytes += '\\';
        else {
            bytes += static_cast<char>(std::stoi(std::string(shown.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        }
    }
    return bytes;
}

TEST(Escape, MakesOneLineOfUtf8OfAnythingAndLosesNothing)
{
    std::mt19937 random(3);
    const std::vector<std::string_view> pieces{"\x1b[2J", "\\", "\\x", "é", "\xe2\x82",
        "\xf0\x9f\x93\xb1", "\n", "\xff", "\u202e", "\u009b", "a", "\xed\xa0\x80"};
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes;
        for (auto n = random() % 12; n > 0; --n) {
            if (random() % 2 == 0) bytes += pieces[random() % pieces.size()];
            else bytes += static_cast<char>(random() % 256);
        }
        const auto shown = escape(bytes);
        ASSERT_TRUE(is_utf8(shown));
        ASSERT_EQ(shown.find_first_of("\n\r\x1b\x7f"), std::string::npos);
        ASSERT_EQ(unescape(shown), bytes);
    }
}

} // namespace
