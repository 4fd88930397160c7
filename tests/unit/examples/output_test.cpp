#include <support/output.hpp>

#include <boost/asio/io_context.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <unit/examples/pipe.hpp>

namespace {

class Output : public testing::Test {
protected:
    test_pipe pipe_;
    boost::asio::io_context loop_;
    support::output out_{loop_.get_executor(), pipe_.writer(), "the pipe"};
};

TEST_F(Output, is_written_when_the_loop_gets_to_wait)
{
    out_.write("one ");
    out_.write("two\n");
    EXPECT_EQ(pipe_.read(), "");
    loop_.run();
    EXPECT_EQ(pipe_.read(), "one two\n");
    out_.write("three\n");
    loop_.restart();
    loop_.run();
    EXPECT_EQ(pipe_.read(), "three\n");
}

TEST_F(Output, is_written_at_once_by_flush)
{
    out_.write("one\n");
    out_.flush();
    EXPECT_EQ(pipe_.read(), "one\n");
}

TEST_F(Output, tells_a_reader_that_has_gone_from_a_failure)
{
    pipe_.close_reader();
    int told = 0;
    out_.on_failure([&] { ++told; });
    out_.write("one\n");
    loop_.run();
    out_.write("two\n");
    EXPECT_THROW(out_.flush(), support::closed_pipe);
    EXPECT_EQ(told, 1);
}

TEST_F(Output, names_itself_and_what_is_wrong)
{
    const int full = ::open("/dev/full", O_WRONLY);
    support::output out(loop_.get_executor(), full, "standard output");
    out.write("one\n");
    try {
        out.flush();
        FAIL() << "nothing was thrown";
    } catch (const std::system_error& e) {
        EXPECT_STREQ(e.what(), "standard output: No space left on device");
    }
    ::close(full);
}

} // namespace
