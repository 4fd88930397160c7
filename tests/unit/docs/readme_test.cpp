// The C++ of README.md, compiled and run. tests/docs_test.py checks that the two are the same.
#include <corostream/kafka.hpp>
#include <corostream/testing/embedded_broker.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <range/v3/range/conversion.hpp>
#include <range/v3/view/filter.hpp>
#include <range/v3/view/map.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

std::map<std::string, int> counted;
int headers = 0;
cs::kafka::consumer* running = nullptr;

void print_header(cs::time_point begin, cs::time_point end)
{
    EXPECT_EQ(end - begin, 4s);
    ++headers;
}

void print_row(const std::string& phone, int count)
{
    counted[phone] += count;
    if (counted["Huwai P30"] == 1 && counted["Samsung galaxy 9"] == 2) running->stop();
}

// clang-format off
asio::awaitable<void> count_phones(cs::kafka::consumer& phones)
{
    auto counts = phones.messages()
                | cs::window(4s)
                | cs::map([](const cs::kafka::message& m) { return std::pair{std::string{m.value()}, 1}; })
                | cs::reduce_by_key(std::plus{});

    while (auto window = co_await counts.next()) {
        print_header(window->begin_time(), window->end_time());
        for (const auto& [phone, count] : *window) print_row(phone, count);
    }
}

asio::awaitable<void> print_all(std::string brokers)
{
    auto executor = co_await asio::this_coro::executor;
    cs::kafka::consumer_options options(brokers, "Test");
    options.until_end(); // a bounded read: to the end of the log as it is now
    cs::kafka::consumer phones(executor, options);
    auto print = phones.messages() | cs::for_each([](const cs::kafka::message& m) {
        std::cout << cs::escape(m.value()) << '\n';
    });
    co_await cs::run(print);
    co_await phones.close();
}

void run_print_all(const std::string& brokers)
{
    asio::io_context context(1); // one thread: nothing of yours needs a lock
    asio::co_spawn(context, print_all(brokers), [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e); // out of run()
    });
    context.run();
}

namespace rv = ranges::views;

asio::awaitable<std::vector<std::string>> seen_twice(std::vector<std::string> names)
{
    auto trimmed = names | rv::filter([](const auto& name) { return !name.empty(); });
    auto counts = cs::from_range(trimmed) | cs::window(4s) | cs::count_by(std::identity());
    auto window = co_await counts.next();
    co_return *window
        | rv::filter([](const auto& row) { return row.second > 1; })
        | rv::keys
        | ranges::to<std::vector>();
}
// clang-format on

asio::awaitable<void> send_and_count(std::string brokers)
{
    auto executor = co_await asio::this_coro::executor;
    cs::kafka::producer to(executor, cs::kafka::producer_options(brokers));
    for (const auto* phone : {"Huwai P30", "Samsung galaxy 9", "Samsung galaxy 9"}) {
        cs::kafka::record r("Test", phone);
        co_await to.send(r);
    }
    co_await to.close();
    cs::kafka::consumer_options options(brokers, "Test");
    options.set("fetch.wait.max.ms", "10");
    cs::kafka::consumer phones(executor, options);
    running = &phones;
    co_await count_phones(phones);
    co_await phones.close();
}

TEST(Readme, count_phones_counts_in_windows)
{
    const cs::testing::embedded_broker broker;
    asio::io_context context(1);
    std::exception_ptr failure;
    asio::co_spawn(
        context, send_and_count(broker.bootstrap()), [&](std::exception_ptr e) { failure = e; });
    context.run();
    ASSERT_FALSE(failure) << cs::what_of(failure);
    EXPECT_GE(headers, 1);
    EXPECT_EQ(counted, (std::map<std::string, int>{{"Huwai P30", 1}, {"Samsung galaxy 9", 2}}));

    testing::internal::CaptureStdout();
    run_print_all(broker.bootstrap());
    const auto printed = testing::internal::GetCapturedStdout();
    EXPECT_EQ(std::count(printed.begin(), printed.end(), '\n'), 3);
    EXPECT_NE(printed.find("Huwai P30\n"), std::string::npos);
}

asio::awaitable<void> expect_seen_twice()
{
    std::vector<std::string> names{"a", "", "b", "a", "", "c", "c"};
    const auto twice = co_await seen_twice(std::move(names));
    EXPECT_EQ(twice, (std::vector<std::string>{"a", "c"}));
}

TEST(Readme, windows_and_sources_are_ranges)
{
    asio::io_context context(1);
    asio::co_spawn(context, expect_seen_twice(), [](std::exception_ptr e) {
        EXPECT_FALSE(e) << cs::what_of(e);
    });
    EXPECT_GT(context.run(), 0U);
}

} // namespace
