#include <corostream/kafka/consumer.hpp>
#include <corostream/testing/embedded_broker.hpp>
#include <phone_count/phone_of.hpp>
#include <phone_count/row_topic.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace asio = boost::asio;
namespace kafka = corostream::kafka;
using namespace std::chrono_literals;

namespace {

const corostream::time_point window_begin
    = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;

asio::awaitable<std::vector<std::string>> read_all(std::string brokers)
{
    auto executor = co_await asio::this_coro::executor;
    kafka::consumer rows(executor, kafka::consumer_options(brokers, "rows").until_end());
    std::vector<std::string> found;
    auto messages = rows.messages();
    while (auto m = co_await messages.next())
        found.push_back((m->has_key() ? std::string(m->key()) : "none") + ": "
                        + std::string(m->value()));
    co_await rows.close();
    co_return found;
}

asio::awaitable<int> write_rows(support::program& program, std::string brokers)
{
    phone_count::row_topic rows(program, kafka::producer_options(brokers), "rows");
    rows.begin_window(window_begin);
    rows.row("Huwai P30", 2);
    rows.row("a\xff", 1);
    co_await rows.deliver();
    rows.begin_window(window_begin + 4s);
    rows.row(phone_count::tombstone(), 3);
    rows.row("", 4);
    co_await rows.deliver();
    const auto delivered = co_await read_all(brokers); // all are there when deliver() is done
    EXPECT_THAT(delivered,
        testing::UnorderedElementsAre("Huwai P30: 1795348800000,2", "a\xff: 1795348800000,1",
            "none: 1795348804000,3", ": 1795348804000,4"));
    co_await rows.close();
    co_return 0;
}

TEST(RowTopic, has_the_rows_of_each_window_once_they_are_delivered)
{
    const corostream::testing::embedded_broker broker;
    support::program program("test");
    EXPECT_EQ(0, program.run([&] { return write_rows(program, broker.bootstrap()); }));
}

asio::awaitable<int> write_too_large(support::program& program, std::string brokers)
{
    kafka::producer_options options(brokers);
    phone_count::row_topic rows(program, options.set("message.max.bytes", "1000"), "rows");
    rows.begin_window(window_begin);
    rows.row(std::string(2000, 'x'), 1);
    std::string failure = "none";
    try {
        co_await rows.deliver();
    } catch (const kafka::error& e) {
        failure = e.what();
    }
    EXPECT_THAT(failure, testing::HasSubstr("rows"));
    co_await rows.close();
    co_return 0;
}

TEST(RowTopic, fails_with_a_row_that_is_not_delivered)
{
    const corostream::testing::embedded_broker broker;
    support::program program("test");
    EXPECT_EQ(0, program.run([&] { return write_too_large(program, broker.bootstrap()); }));
}

} // namespace
