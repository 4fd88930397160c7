#include <phone_count/json_printer.hpp>
#include <phone_count/phone_of.hpp>
#include <phone_count/results.hpp>
#include <phone_count/table_printer.hpp>

#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <unit/examples/pipe.hpp>

using namespace std::chrono_literals;

namespace {

/// What a printer makes of two windows with all kinds of names, the second shown again, and of what
/// came late before it.
class Printers : public testing::Test {
protected:
    static void print(phone_count::window_printer& printer)
    {
        const corostream::time_point begin
            = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;
        using corostream::emission;
        printer.begin_window(begin, begin + 4s, emission::complete);
        printer.row("Huwai P30", 1);
        printer.row("a\x1b\xff", 2);
        printer.end_window();
        printer.late({1, 7, begin + 1ms, "a\x1b"});
        printer.late({0, 8, begin, std::string(phone_count::tombstone())});
        printer.begin_window(begin + 4s, begin + 4500ms, emission::update);
        printer.row(phone_count::tombstone(), 3);
        printer.row("", 4);
        printer.end_window();
        printer.begin_window(begin, begin + 4s, emission::retracted);
        printer.row("Huwai P30", 1);
        printer.end_window();
    }

    test_pipe pipe_;
    boost::asio::io_context loop_;
    support::output out_{loop_.get_executor(), pipe_.writer(), "a pipe"};
};

TEST_F(Printers, a_table_has_a_line_for_each_window_and_phone)
{
    phone_count::table_printer printer(out_);
    print(printer);
    EXPECT_EQ(pipe_.read(), "[2026-11-22T12:00:00Z, 2026-11-22T12:00:04Z)\n"
                            "(Huwai P30, 1)\n"
                            "(a\\x1b\\xff, 2)\n"
                            "late (a\\x1b, 2026-11-22T12:00:00.001Z)\n"
                            "late ((null), 2026-11-22T12:00:00Z)\n"
                            "[2026-11-22T12:00:04Z, 2026-11-22T12:00:04.500Z) (again)\n"
                            "((null), 3)\n"
                            "(\"\", 4)\n"
                            "[2026-11-22T12:00:00Z, 2026-11-22T12:00:04Z) (taken back)\n"
                            "(Huwai P30, 1)\n");
}

TEST_F(Printers, json_has_a_line_for_each_window)
{
    phone_count::json_printer printer(out_);
    print(printer);
    EXPECT_EQ(pipe_.read(),
        R"({"begin":"2026-11-22T12:00:00Z","begin_ms":1795348800000,)"
        R"("end":"2026-11-22T12:00:04Z","end_ms":1795348804000,)"
        R"("counts":[{"phone":"Huwai P30","count":1},)"
        "{\"phone\":\"a\\u001b\uFFFD\",\"phone_base64\":\"YRv/\",\"count\":2}]}\n"
        R"({"late":true,"partition":1,"offset":7,"time_ms":1795348800001,"phone":"a\u001b"})"
        "\n"
        R"({"late":true,"partition":0,"offset":8,"time_ms":1795348800000,"phone":null})"
        "\n"
        R"({"begin":"2026-11-22T12:00:04Z","begin_ms":1795348804000,)"
        R"("end":"2026-11-22T12:00:04.500Z","end_ms":1795348804500,"update":true,)"
        R"("counts":[{"phone":null,"count":3},{"phone":"","count":4}]})"
        "\n"
        R"({"begin":"2026-11-22T12:00:00Z","begin_ms":1795348800000,)"
        R"("end":"2026-11-22T12:00:04Z","end_ms":1795348804000,"retracted":true,)"
        R"("counts":[{"phone":"Huwai P30","count":1}]})"
        "\n");
}

TEST_F(Printers, a_window_that_nobody_could_read_does_not_count_as_shown)
{
    pipe_.close_reader();
    phone_count::table_printer printer(out_);
    EXPECT_THROW(print(printer), support::closed_pipe);
}

TEST(Late, records_are_told_as_a_sentence)
{
    EXPECT_EQ(phone_count::late_count_text(0), "");
    EXPECT_EQ(phone_count::late_count_text(1),
        "1 record came too late for its windows, and is not counted");
    EXPECT_EQ(phone_count::late_count_text(3),
        "3 records came too late for their windows, and are not counted");
}

TEST(Future, records_are_told_as_a_sentence)
{
    EXPECT_EQ(phone_count::future_count_text(0), "");
    EXPECT_EQ(phone_count::future_count_text(1),
        "1 record was too far ahead of the clock, and is not counted");
    EXPECT_EQ(phone_count::future_count_text(3),
        "3 records were too far ahead of the clock, and are not counted");
}

TEST(PhoneOf, a_tombstone_is_no_name)
{
    EXPECT_EQ(phone_count::name_of("Nokia"), "Nokia");
    EXPECT_EQ(phone_count::name_of(""), "");
    EXPECT_EQ(phone_count::name_of(phone_count::tombstone()), std::nullopt);
    EXPECT_GE(phone_count::tombstone().size(), 16U);
}

} // namespace
