#include <corostream/core/escape.hpp>
#include <support/json_text.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

using testing::HasSubstr;
using testing::Not;

namespace {

std::string line_of(std::optional<std::string_view> bytes)
{
    boost::json::object object;
    support::add_bytes(object, "phone", bytes);
    return support::json_line(object);
}

TEST(JsonText, text_null_and_nothing_are_told_apart)
{
    EXPECT_EQ(line_of("Huwai P30"), "{\"phone\":\"Huwai P30\"}\n");
    EXPECT_EQ(line_of(""), "{\"phone\":\"\"}\n");
    EXPECT_EQ(line_of(std::nullopt), "{\"phone\":null}\n");
}

TEST(JsonText, bytes_that_are_not_utf8_come_with_themselves_in_base64)
{
    EXPECT_EQ(line_of("a\xff"
                      "b"),
        "{\"phone\":\"a\uFFFDb\",\"phone_base64\":\"Yf9i\"}\n");
}

/// Every single byte, and every pair of a lead byte and any other.
TEST(JsonText, any_bytes_make_valid_json_that_is_safe_on_a_terminal)
{
    for (int first = 0; first < 256; ++first) {
        for (int second = -1; second < 256; second += first < 0xC0 ? 257 : 1) {
            std::string bytes(1, static_cast<char>(first));
            if (second >= 0) bytes += static_cast<char>(second);
            const auto line = line_of(bytes);
            ASSERT_EQ(line.back(), '\n');
            const auto text = line.substr(0, line.size() - 1);
            auto unescaped = text; // but for the backslashes of JSON, escape() finds nothing to do
            std::erase(unescaped, '\\');
            ASSERT_EQ(corostream::escape(unescaped), unescaped) << first << ' ' << second;
            const auto parsed = boost::json::parse(text).as_object();
            if (corostream::is_utf8(bytes)) ASSERT_EQ(parsed.at("phone").as_string(), bytes);
            else ASSERT_EQ(parsed.at("phone_base64").as_string(), support::base64(bytes));
        }
    }
}

TEST(JsonText, marks_that_reorder_text_are_escaped_and_read_back)
{
    for (const std::string mark : {"\u202E", "\u2066", "\u061C", "\uFEFF", "\u0085", "\x7f"}) {
        const auto line = line_of("a" + mark + "☎");
        EXPECT_THAT(line, Not(HasSubstr(mark)));
        EXPECT_THAT(line, HasSubstr("☎"));
        EXPECT_EQ(boost::json::parse(line).at("phone").as_string(), "a" + mark + "☎");
    }
}

TEST(JsonText, base64_is_that_of_rfc_4648)
{
    const std::pair<std::string, std::string> vectors[]
        = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
            {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "+//+"}};
    for (const auto& [bytes, text] : vectors) EXPECT_EQ(support::base64(bytes), text);
}

TEST(JsonText, each_wrong_byte_becomes_one_replacement_character)
{
    EXPECT_EQ(support::valid_utf8("ok ☎"), "ok ☎");
    EXPECT_EQ(support::valid_utf8("\xe2\x98"), "\uFFFD\uFFFD");
    EXPECT_EQ(support::valid_utf8("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD"); // a surrogate
    EXPECT_EQ(support::valid_utf8("\xff☎\xc0"), "\uFFFD☎\uFFFD");
}

} // namespace
