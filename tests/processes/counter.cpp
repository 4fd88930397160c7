// A counting process for the tests to kill, freeze and stop: counts the values of a topic in
// windows and writes each count to another topic, until SIGTERM.
//
//   counter BROKERS TOPIC RESULTS GROUP NAME [at_most_once] [KEY=VALUE...]
//
// A result is the text "NAME VALUE COUNT". KEY is a property of the consumer; what debug=cgrp and
// the like bring goes to standard error. What is told on standard output, a line each: "ready" to
// be stopped, "assigned", "revoked", "lost", and at the end "stopped".

#include <corostream/corostream.hpp>
#include <corostream/kafka.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace cs = corostream;
namespace kafka = cs::kafka;
using namespace std::chrono_literals;

namespace {

void say(const char* what)
{
    std::puts(what);
    std::fflush(stdout);
}

void warn(const std::string& name, std::string_view what)
{
    const auto now = std::chrono::system_clock::now().time_since_epoch() / 1ms;
    std::fprintf(stderr, "%lld.%03lld counter %s: %.*s\n", static_cast<long long>(now / 1000),
        static_cast<long long>(now % 1000), name.c_str(), static_cast<int>(what.size()),
        what.data());
}

kafka::events events(const std::string& name)
{
    kafka::events e;
    e.on_error = [name](const kafka::error& what) { warn(name, what.what()); };
    e.on_log = [name](int, std::string_view, std::string_view line) { warn(name, line); };
    e.on_assign = [](const auto&) { say("assigned"); };
    e.on_lost = [](const auto&) { say("lost"); };
    e.on_revoke = [](const auto&) { say("revoked"); };
    return e;
}

using row = std::pair<std::string, std::int64_t>;

asio::awaitable<void> count(std::vector<std::string> arguments)
{
    const auto executor = co_await asio::this_coro::executor;
    const auto &brokers = arguments[0], &topic = arguments[1], &name = arguments[4];
    auto options = kafka::consumer_options(brokers, topic);
    options.group(arguments[3]).commit_interval(200ms).on(events(name));
    for (std::size_t i = 5; i < arguments.size(); ++i) {
        if (arguments[i] == "at_most_once") {
            options.at_most_once();
            continue;
        }
        const auto is = arguments[i].find('=');
        options.set(arguments[i].substr(0, is), arguments[i].substr(is + 1));
    }
    kafka::consumer from(executor, options);
    kafka::producer to(
        executor, kafka::producer_options(brokers).set("linger.ms", "5").on(events(name)));

    asio::signal_set signals(executor, SIGTERM);
    signals.async_wait([&from](const auto& cancelled, int) {
        if (!cancelled) from.stop();
    });
    say("ready");
    auto job = from.messages() | cs::window(100ms)
             | cs::count_by([](const kafka::message& m) { return m.value(); })
             | cs::flat_map([](const auto& window) {
                   std::vector<row> rows;
                   for (const auto& [value, times] : window) rows.emplace_back(value, times);
                   return rows;
               })
             | kafka::to_topic(to, arguments[2], [name](const row& r) {
                   return name + ' ' + r.first + ' ' + std::to_string(r.second);
               });
    std::exception_ptr failure;
    try {
        co_await job.run();
    } catch (...) {
        failure = std::current_exception();
    }
    signals.cancel();
    co_await from.close();
    co_await to.close();
    if (failure) std::rethrow_exception(failure);
    say("stopped");
}

} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() < 5) return 2;
    int exit_code = 0;
    asio::io_context io(1);
    asio::co_spawn(io, count(arguments), [&](const std::exception_ptr& failure) {
        try {
            if (failure) std::rethrow_exception(failure);
        } catch (const std::exception& e) {
            std::fprintf(stderr, "%s\n", e.what());
            exit_code = 1;
        }
    });
    io.run();
    return exit_code;
}
