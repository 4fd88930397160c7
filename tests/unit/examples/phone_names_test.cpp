#include <phone_producer/phone_lines.hpp>
#include <phone_producer/random_phones.hpp>
#include <support/failure.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <unit/examples/pipe.hpp>
#include <vector>

namespace asio = boost::asio;
using namespace phone_producer;
using namespace std::string_view_literals;
using testing::ElementsAre;

namespace {

asio::awaitable<void> read_all(phone_names* names, std::vector<std::string>* into)
{
    while (const auto phone = co_await names->next()) into->emplace_back(*phone);
}

/// A file that is gone with the test.
class temporary_file {
public:
    explicit temporary_file(std::string_view content)
    {
        ::close(::mkstemp(path_.data()));
        std::ofstream(path_, std::ios::binary) << content;
    }
    ~temporary_file() { std::remove(path_.c_str()); }
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_ = "/tmp/corostream-phones-XXXXXX";
};

std::vector<std::string> lines_of_file(std::string_view content)
{
    const temporary_file file(content);
    const int opened = ::open(file.path().c_str(), O_RDONLY);
    asio::io_context loop;
    phone_lines lines(loop.get_executor(), opened, "a file");
    std::vector<std::string> all;
    asio::co_spawn(loop, read_all(&lines, &all), asio::detached);
    loop.run();
    ::close(opened);
    return all;
}

TEST(PhoneLines, takes_the_bytes_of_each_line_as_they_are)
{
    EXPECT_THAT(lines_of_file("Nokia 3310\n\nSony\r\na\0b\xff\x1b[2J\nlast"sv),
        ElementsAre("Nokia 3310", "", "Sony\r", "a\0b\xff\x1b[2J"sv, "last"));
    EXPECT_THAT(lines_of_file(""), ElementsAre());
    EXPECT_THAT(lines_of_file("\n"), ElementsAre(""));
}

TEST(PhoneLines, has_no_longest_line)
{
    const std::string large(3'000'000, 'x');
    EXPECT_THAT(lines_of_file("a\n" + large + "\nb\n"), ElementsAre("a", large, "b"));
}

TEST(PhoneLines, comes_from_a_pipe_as_it_is_written)
{
    test_pipe pipe;
    ::fcntl(pipe.reader(), F_SETFL, 0);
    asio::io_context loop;
    phone_lines lines(loop.get_executor(), pipe.reader(), "a pipe");
    std::vector<std::string> all;
    asio::co_spawn(loop, read_all(&lines, &all), asio::detached);

    const auto write = [&](std::string_view text, std::size_t expected) {
        ASSERT_EQ(
            ::write(pipe.writer(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (all.size() < expected && loop.run_one_until(until) > 0) {}
    };
    write("Nokia 3310\nSo", 1);
    EXPECT_THAT(all, ElementsAre("Nokia 3310"));
    write("ny\n", 2);
    EXPECT_THAT(all, ElementsAre("Nokia 3310", "Sony"));
    EXPECT_EQ(::fcntl(pipe.reader(), F_GETFL) & O_NONBLOCK, 0)
        << "a pipe may be shared, and is left as it was";
    pipe.close_writer();
    loop.run();
    EXPECT_EQ(all.size(), 2U);
}

TEST(PhoneLines, names_what_cannot_be_read)
{
    const int directory = ::open("/", O_RDONLY);
    asio::io_context loop;
    phone_lines lines(loop.get_executor(), directory, "standard input");
    std::vector<std::string> all;
    std::string what;
    asio::co_spawn(loop, read_all(&lines, &all), [&](std::exception_ptr e) {
        try {
            if (e) std::rethrow_exception(e);
        } catch (const std::system_error& failed) {
            what = failed.what();
        }
    });
    loop.run();
    EXPECT_EQ(what, "standard input: Is a directory");
    ::close(directory);
}

TEST(RandomPhones, the_same_seed_makes_the_same_names)
{
    random_phones one(built_in_phones(), 7), same(built_in_phones(), 7),
        other(built_in_phones(), 8);
    std::vector<std::string> picked, again, others;
    for (int i = 0; i < 50; ++i) {
        picked.emplace_back(one.pick());
        again.emplace_back(same.pick());
        others.emplace_back(other.pick());
    }
    EXPECT_EQ(picked, again);
    EXPECT_NE(picked, others);
}

TEST(RandomPhones, the_built_in_list_has_the_three_of_the_job_this_grew_from)
{
    EXPECT_THAT(built_in_phones(),
        testing::IsSupersetOf({"Huwai P30", "Samsung galaxy 9", "Apple iphone 11"}));
    EXPECT_GE(built_in_phones().size(), 15U);
}

TEST(RandomPhones, a_list_comes_from_a_file)
{
    const temporary_file file("Nokia 3310\nSony");
    EXPECT_THAT(read_phones(file.path()), ElementsAre("Nokia 3310", "Sony"));
}

TEST(RandomPhones, a_bad_file_is_named)
{
    const temporary_file empty("");
    EXPECT_THROW(read_phones(empty.path()), support::failure);
    try {
        read_phones("/nowhere/\x1b");
        FAIL() << "nothing was thrown";
    } catch (const std::system_error& e) {
        EXPECT_STREQ(e.what(), R"(/nowhere/\x1b: No such file or directory)");
    }
    EXPECT_THROW(read_phones("/"), std::system_error);
}

} // namespace
