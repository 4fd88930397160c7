#include <corostream/kafka.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdio>
#include <string>

namespace asio = boost::asio;
namespace cs = corostream;

asio::awaitable<void> unknown_property()
{
    auto executor = co_await asio::this_coro::executor;
    cs::kafka::consumer_options options("localhost:1", "Test");
    options.set("no.such.property", "1");
    try {
        cs::kafka::consumer phones(executor, options);
        auto values = phones.messages()
                    | cs::window(std::chrono::seconds(4))
                    | cs::count_by(&cs::kafka::message::value);
        static_cast<void>(co_await values.next());
    } catch (const cs::kafka::config_error& e) {
        std::puts(e.what());
    }
}

int main()
{
    asio::io_context context(1);
    asio::co_spawn(context, unknown_property(), asio::detached);
    context.run();
    return rd_kafka_version() >= 0x02000200 ? 0 : 1;
}
