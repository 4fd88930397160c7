#include <support/live_text.hpp>

#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <string>
#include <unit/examples/pipe.hpp>

namespace {

class LiveText : public testing::Test {
protected:
    std::string written()
    {
        out_.flush();
        return pipe_.read();
    }

    test_pipe pipe_;
    boost::asio::io_context loop_;
    support::output out_{loop_.get_executor(), pipe_.writer(), "a pipe"};
    support::live_text live_{out_};
};

TEST_F(LiveText, draws_in_place)
{
    live_.draw("one\ntwo\n");
    EXPECT_EQ(written(), "one\ntwo\n");
    live_.draw("three\n");
    EXPECT_EQ(written(), "\x1b[2A\r\x1b[Jthree\n");
    live_.draw("four\n");
    EXPECT_EQ(written(), "\x1b[1A\r\x1b[Jfour\n");
}

TEST_F(LiveText, prints_lines_above)
{
    live_.print_above("nothing drawn yet");
    EXPECT_EQ(written(), "nothing drawn yet\n");
    live_.draw("bar\n");
    EXPECT_EQ(written(), "bar\n");
    live_.print_above("line");
    EXPECT_EQ(written(), "\x1b[1A\r\x1b[Jline\nbar\n");
}

} // namespace
