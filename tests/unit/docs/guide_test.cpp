// The C++ of docs/guide.md, compiled and run. tests/docs_test.py checks that the two are the same.
#include <corostream/kafka.hpp>
#include <corostream/testing/embedded_broker.hpp>
#include <corostream/testing/manual_clock.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

void run(std::function<asio::awaitable<void>(asio::io_context&)> test)
{
    asio::io_context context(1);
    std::exception_ptr failure;
    asio::co_spawn(context, test(context), [&](std::exception_ptr e) { failure = e; });
    context.run();
    ASSERT_FALSE(failure) << cs::what_of(failure);
}

// clang-format off
asio::awaitable<void> streams(asio::io_context&)
{
    auto even = cs::filter([](int i) { return i % 2 == 0; });
    auto ten_times = cs::map([](int i) { return i * 10; });
    auto both = even | ten_times; // operators join, and can be used again

    auto job = cs::from_range(std::vector{1, 2, 3, 4}) | both | cs::collect();
    auto found = co_await cs::run(job); // {20, 40}
    EXPECT_EQ(found, (std::vector{20, 40}));
}

asio::awaitable<void> windows(asio::io_context&)
{
    auto counts = cs::from_range(std::vector<std::string>{"Huwai P30", "Nokia 3310", "Huwai P30"})
                | cs::window(4s).offset(1s)
                | cs::filter([](const std::string& phone) { return !phone.empty(); })
                | cs::count_by([](const std::string& phone) { return std::string_view(phone); });

    auto window = co_await counts.next(); // (Huwai P30, 2), (Nokia 3310, 1)
    EXPECT_EQ(window->value().size(), 2U);
    EXPECT_EQ(*window->value().find(std::string_view("Huwai P30")), 2);
}

asio::awaitable<void> event_time(asio::io_context&)
{
    struct order {
        std::string customer;
        double price;
        std::chrono::sys_seconds placed_at;
    };
    const cs::event_time_closure by_placing = cs::event_time(&order::placed_at, 5s);
    const std::chrono::sys_seconds noon{12h};
    cs::time_counts dropped;
    auto best = cs::from_range(std::vector<order>{{"Ann", 7, noon}, {"Bob", 3, noon + 1min},
                    {"Ann", 9, noon + 2s}, {"Bob", 5, noon + 2min}})
              | by_placing
              | cs::window(cs::hopping(2min, 1min)).count(dropped)
              | cs::by_key(&order::customer, cs::max(&order::price));

    while (auto window = co_await best.next())
        for (const auto& [customer, price] : *window)
            std::cout << window->begin_time().time_since_epoch() / 1min << ' ' << customer << ' '
                      << price << '\n';
    EXPECT_EQ(dropped.late, 0U);
}

asio::awaitable<void> kafka(std::string brokers)
{
    auto executor = co_await asio::this_coro::executor;
    {
        cs::kafka::events told;
        told.on_error = [](const cs::kafka::error& e) { std::cerr << e.what() << '\n'; };

        cs::kafka::consumer_options options(brokers, "Test");
        options.group("phone-count").start(cs::kafka::start_at::earliest).on(told);
        options.set("client.rack", "eu-1"); // any property of librdkafka's
        cs::kafka::consumer phones(executor, options);
        co_await phones.close();
    }
    cs::kafka::producer to(executor, cs::kafka::producer_options(brokers));
    cs::kafka::record phone("Test", "Huwai P30");
    phone.key("Huwai P30").header("source", "guide");
    auto where = co_await to.send(phone);
    std::cout << where.topic << " [" << where.partition << "] at offset " << where.offset << '\n';
    co_await to.close();
    EXPECT_EQ(where.offset, 0);
}

asio::awaitable<void> delivery(std::string brokers)
{
    auto executor = co_await asio::this_coro::executor;
    cs::kafka::producer to(executor, cs::kafka::producer_options(brokers));
    for (auto value : {"12", "Huwai P30", "13"}) {
        cs::kafka::record r("Test", value);
        co_await to.send(r);
    }
    cs::kafka::consumer phones(executor, cs::kafka::consumer_options(brokers, "Test").until_end());
    auto numbers = phones.messages()
                 | cs::kafka::dead_letter(to, "phones.dead")
                 | cs::map([](const cs::kafka::message& m) { return std::stoi(std::string(m.value())); })
                 | cs::for_each([](int) {});
    co_await cs::run(numbers);
    EXPECT_EQ(phones.status().at(0).held(), 0);
    co_await phones.close();

    cs::kafka::consumer dead(executor, cs::kafka::consumer_options(brokers, "phones.dead").until_end());
    auto letters = dead.messages() | cs::map([](const cs::kafka::message& m) { return std::string(m.value()); });
    EXPECT_EQ(co_await letters.next(), "Huwai P30");
    co_await dead.close();
    co_await to.close();
}

asio::awaitable<void> late_delivery(std::string brokers)
{
    auto executor = co_await asio::this_coro::executor;
    cs::kafka::producer to(executor, cs::kafka::producer_options(brokers));
    const std::vector<std::pair<std::string, cs::duration>> all{{"12", 1s}, {"13", 20s}, {"Huwai P30", 2s}};
    for (const auto& [value, time] : all) {
        cs::kafka::record r("Test", value);
        r.partition(0).timestamp(cs::time_point(time));
        co_await to.send(r);
    }
    cs::kafka::consumer phones(executor, cs::kafka::consumer_options(brokers, "Test").until_end());
    {
        auto counts = phones.messages()
                    | cs::kafka::dead_letter(to, "phones.late")
                    | cs::event_time(1s)
                    | cs::window(4s).late_to([](const cs::kafka::message&) { throw std::domain_error("late"); })
                    | cs::count_by(&cs::kafka::message::value);
        int windows = 0;
        while (co_await counts.next()) ++windows;
        EXPECT_EQ(windows, 2);
    }
    co_await phones.close();

    cs::kafka::consumer late(executor, cs::kafka::consumer_options(brokers, "phones.late").until_end());
    auto letters = late.messages() | cs::map([](const cs::kafka::message& m) { return std::string(m.value()); });
    EXPECT_EQ(co_await letters.next(), "Huwai P30");
    co_await late.close();
    co_await to.close();
}

struct database_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

asio::awaitable<void> retrying(std::string brokers)
{
    auto executor = co_await asio::this_coro::executor;
    cs::kafka::producer to(executor, cs::kafka::producer_options(brokers));
    cs::kafka::record r("Test", "Huwai P30");
    co_await to.send(r);
    co_await to.close();

    int calls = 0;
    std::vector<std::string> rows;
    const auto store = [&](const std::string& phone) {
        if (++calls == 1) throw database_error("no connection");
        rows.push_back(phone);
    };
    cs::kafka::consumer phones(executor, cs::kafka::consumer_options(brokers, "Test").until_end());
    auto stored = phones.messages()
                | cs::map([](const cs::kafka::message& m) { return std::string(m.value()); })
                | cs::for_each(store, cs::retry().delays(100ms, 10s).give_up_after(5min).only<database_error>());
    co_await cs::run(stored);
    co_await phones.close();
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(rows, std::vector<std::string>{"Huwai P30"});
}

asio::awaitable<void> cancellation(asio::io_context& context)
{
    auto executor = context.get_executor();
    asio::cancellation_signal cancel;
    auto endless = cs::ticks(executor, 1s) | cs::for_each([](cs::time_point) {});
    cs::run(executor, std::move(endless), asio::bind_cancellation_slot(cancel.slot(), [](std::exception_ptr e) {
        std::cout << cs::what_of(e) << '\n'; // Operation canceled
    }));
    co_await asio::post(executor, asio::use_awaitable);
    testing::internal::CaptureStdout();
    cancel.emit(asio::cancellation_type::terminal);
    for (int turns = 0; turns < 10; ++turns) co_await asio::post(executor, asio::use_awaitable);
    const auto printed = testing::internal::GetCapturedStdout();
    EXPECT_TRUE(printed.starts_with("Operation canceled")) << printed;
}

TEST(Guide, testing)
{
    asio::io_context context(1);
    cs::testing::manual_clock clock(context);
    cs::mailbox<std::string> phones(context.get_executor(), 10);
    std::vector<std::int64_t> counts;

    auto job = phones.stream() | cs::window(4s) | cs::count()
             | cs::for_each([&](const cs::window_result<std::int64_t>& w) { counts.push_back(w.value()); });
    cs::run(context.get_executor(), std::move(job), asio::detached);

    std::string phone = "Nokia 3310";
    phones.try_push(phone);
    clock.advance(4s); // counts == {1}
    EXPECT_EQ(counts, (std::vector<std::int64_t>{1}));
}
// clang-format on

TEST(Guide, streams) { run(streams); }
TEST(Guide, windows) { run(windows); }
TEST(Guide, event_time) { run(event_time); }
TEST(Guide, cancellation) { run(cancellation); }
TEST(Guide, kafka)
{
    const cs::testing::embedded_broker broker;
    run([&](asio::io_context&) { return kafka(broker.bootstrap()); });
    const cs::testing::embedded_broker another;
    run([&](asio::io_context&) { return delivery(another.bootstrap()); });
    const cs::testing::embedded_broker third;
    run([&](asio::io_context&) { return retrying(third.bootstrap()); });
    const cs::testing::embedded_broker fourth;
    run([&](asio::io_context&) { return late_delivery(fourth.bootstrap()); });
}

} // namespace
