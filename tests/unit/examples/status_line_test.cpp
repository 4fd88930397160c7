#include <phone_count/status_line.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace {

using namespace std::chrono_literals;
using corostream::time_point;
using corostream::kafka::partition_status;
using phone_count::held_text;
using phone_count::status_line;

constexpr time_point at(corostream::duration d) { return time_point(d); }

TEST(StatusLine, SaysWhatIsReadCountedAndCommitted)
{
    const partition_status s{"Test", 1, 120, 117, 100, 150, at(10s), at(8s)};
    EXPECT_EQ(status_line(s, at(12340ms)),
        "Test [1]: position 120, counted to 117, committed 100, log end 150, 30 to read, 3 held "
        "for 2300ms, oldest window from 1970-01-01T00:00:08Z");
}

TEST(StatusLine, SaysWhatIsNotKnown)
{
    const partition_status s{"Test", 0};
    EXPECT_EQ(status_line(s, at(0s)),
        "Test [0]: position -, counted to -, committed -, log end -, 0 to read, 0 held");
}

TEST(StatusLine, CountsWhatIsHeld)
{
    EXPECT_EQ(held_text(phone_count::held_records({{"Test", 0, 120, 117}, {"Test", 1, 5, 5}})),
        "3 records in an open window will be counted again");
    EXPECT_EQ(held_text(1), "1 record in an open window will be counted again");
    EXPECT_EQ(held_text(0), "");
}

} // namespace
