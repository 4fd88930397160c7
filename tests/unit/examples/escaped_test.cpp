#include <support/escaped.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

std::string value(std::string_view bytes, bool tombstone = false)
{
    std::string text = "<";
    support::append_value(text, bytes, tombstone);
    return text + '>';
}

TEST(Escaped, plain_names_stay_and_others_become_safe)
{
    EXPECT_EQ(value("Huwai P30"), "<Huwai P30>");
    EXPECT_EQ(value("Übertelefon ☎"), "<Übertelefon ☎>");
    EXPECT_EQ(value(R"(back\slash)"), R"(<back\\slash>)");
    EXPECT_EQ(value("\x1b[31mred\n"), R"(<\x1b[31mred\x0a>)");
    EXPECT_EQ(value(std::string("a\0b", 3)), R"(<a\x00b>)");
    EXPECT_EQ(value("\xff\xc3"), R"(<\xff\xc3>)");
    EXPECT_EQ(value("\x7f"), R"(<\x7f>)");
}

TEST(Escaped, tells_a_tombstone_from_nothing)
{
    EXPECT_EQ(value("", true), "<(null)>");
    EXPECT_EQ(value(""), "<\"\">");
}

TEST(Escaped, messages_show_only_the_beginning_of_what_is_long)
{
    EXPECT_EQ(support::brief("Nokia\t3310"), R"(Nokia\x093310)");
    const std::string most(60, 'x');
    EXPECT_EQ(support::brief(most), most);
    EXPECT_EQ(support::brief(std::string(2'000'000, 'x')), most + "... (2000000 bytes)");
}

} // namespace
