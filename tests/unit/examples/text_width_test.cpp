#include <support/text_width.hpp>

#include <gtest/gtest.h>

using support::fit;
using support::text_width;

namespace {

TEST(TextWidth, counts_columns_and_not_bytes)
{
    EXPECT_EQ(text_width(""), 0U);
    EXPECT_EQ(text_width("Nokia"), 5U);
    EXPECT_EQ(text_width("Über"), 4U);
    EXPECT_EQ(text_width("小米"), 4U); // two columns each
    EXPECT_EQ(text_width("e\u0301"), 1U); // an accent on the letter before
}

TEST(TextWidth, fits_text_into_columns)
{
    EXPECT_EQ(fit("Nokia", 7), "Nokia  ");
    EXPECT_EQ(fit("Nokia", 5), "Nokia");
    EXPECT_EQ(fit("Nokia", 4), "Nok…");
    EXPECT_EQ(fit("Nokia", 1), "…");
    EXPECT_EQ(fit("Nokia", 0), "");
    EXPECT_EQ(fit("小米手机", 6), "小米… ");
    EXPECT_EQ(fit("小米手机", 7), "小米手…"); // three of two columns, and one
}

TEST(TextWidth, whatever_is_fitted_takes_exactly_its_columns)
{
    for (const char* text : {"", "a", "Über", "小米手机", "a小b米c手", "e\u0301e\u0301e\u0301"})
        for (std::size_t columns = 0; columns < 12; ++columns)
            EXPECT_EQ(text_width(fit(text, columns)), columns) << text;
}

} // namespace
