// A counting process for the tests to kill, that goes by event time: counts the values of a topic
// in windows and writes each count to another topic, until SIGTERM.
//
//   event_counter BROKERS TOPIC RESULTS GROUP KIND BOUND [KEY=VALUE...]
//
// KIND is tumbling:SIZE[:ALLOWED], hopping:SIZE:HOP[:ALLOWED], empty:SIZE (tumbling windows, also
// those without records), cumulative:STEP:SIZE[:ALLOWED], session:GAP[:ALLOWED],
// sliding:SIZE[:ALLOWED], global:STEP or split:SIZE:HOP (values up to "k4" in tumbling windows of
// SIZE, the others in hopping ones of the same), the numbers and BOUND in milliseconds, or
// elements:SIZE:HOP. A result is the text "BEGIN END VALUE COUNT", in microseconds; of a window
// without records "BEGIN END - 0"; of one that is taken back the count is negative.
// KEY is a property of the consumer.

#include <corostream/corostream.hpp>
#include <corostream/kafka.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace cs = corostream;
namespace kafka = cs::kafka;
using namespace std::chrono_literals;
using namespace asio::experimental::awaitable_operators;

namespace {

struct row {
    cs::time_point begin, end;
    std::string value;
    std::int64_t count;
};

std::vector<row> rows_of(const cs::window_result<cs::keyed_table<std::string, std::int64_t>>& w)
{
    std::vector<row> rows;
    const bool is_gone = w.emission() == cs::emission::retracted;
    for (const auto& [value, count] : w)
        rows.push_back({w.begin_time(), w.end_time(), value, is_gone ? -count : count});
    if (rows.empty()) rows.push_back({w.begin_time(), w.end_time(), "-", 0});
    return rows;
}

std::string text_of(const row& r)
{
    const auto number = [](cs::time_point t) {
        return std::to_string(t.time_since_epoch().count());
    };
    return number(r.begin) + ' ' + number(r.end) + ' ' + r.value + ' ' + std::to_string(r.count);
}

/// `window` is what `corostream::window(...)` made.
template <class Stream, class Window>
asio::awaitable<void> count_by_value(
    Stream stream, Window window, kafka::producer* to, std::string results)
{
    const auto value = [](const kafka::message& m) { return m.value(); };
    auto job = std::move(stream) | window | cs::count_by(value) | cs::flat_map(rows_of)
             | kafka::to_topic(*to, results, text_of);
    co_await job.run();
}

struct of_two_kinds {
    cs::window_closure<cs::tumbling> low;
    cs::window_closure<cs::hopping> high;
};
template <class Stream>
asio::awaitable<void> count_by_value(
    Stream stream, of_two_kinds windows, kafka::producer* to, std::string results)
{
    auto branches = cs::split(
        std::move(stream), [](const kafka::message& m) { return m.value() < "k5"; });
    auto low = count_by_value(std::move(branches[0]), windows.low, to, results);
    auto high = count_by_value(std::move(branches[1]), windows.high, to, results);
    co_await (std::move(low) && std::move(high));
}

/// `window` is what `corostream::window(...)` made, or of two kinds.
template <class Window>
asio::awaitable<void> count(Window window, std::vector<std::string> arguments)
{
    const auto executor = co_await asio::this_coro::executor;
    const auto& brokers = arguments[0];
    auto options = kafka::consumer_options(brokers, arguments[1]);
    options.group(arguments[3]).commit_interval(100ms);
    for (std::size_t i = 6; i < arguments.size(); ++i) {
        const auto is = arguments[i].find('=');
        options.set(arguments[i].substr(0, is), arguments[i].substr(is + 1));
    }
    kafka::consumer from(executor, options);
    kafka::producer to(executor, kafka::producer_options(brokers).set("linger.ms", "5"));

    asio::signal_set signals(executor, SIGTERM);
    signals.async_wait([&from](const auto& cancelled, int) {
        if (!cancelled) from.stop();
    });
    const std::chrono::milliseconds bound(std::stoll(arguments[5]));
    auto all = from.messages() | cs::event_time(bound).idle_after(1h);
    std::exception_ptr failure;
    try {
        co_await count_by_value(std::move(all), window, &to, arguments[2]);
    } catch (...) {
        failure = std::current_exception();
    }
    signals.cancel();
    co_await from.close();
    co_await to.close();
    if (failure) std::rethrow_exception(failure);
}

asio::awaitable<void> count_in(const std::string& kind, std::vector<std::string> arguments)
{
    std::istringstream text(kind);
    std::string name;
    std::getline(text, name, ':');
    const auto next = [&text] {
        std::string number;
        std::getline(text, number, ':');
        return std::chrono::milliseconds(std::stoll(number));
    };
    const auto allowing = [&](auto windows) {
        const auto window = cs::window(windows);
        return text.eof() ? count(window, arguments) : count(window.allowed(next()), arguments);
    };
    const auto first = next();
    if (name == "tumbling") return allowing(cs::tumbling(first));
    if (name == "hopping") return allowing(cs::hopping(first, next()));
    if (name == "empty") return count(cs::window(first).emit_empty(), arguments);
    if (name == "cumulative") return allowing(cs::cumulative(first, next()));
    if (name == "session") return allowing(cs::session(first));
    if (name == "sliding") return allowing(cs::sliding(first));
    if (name == "global") return count(cs::window(cs::global(cs::every(first))), arguments);
    if (name == "split")
        return count(
            of_two_kinds{cs::window(first), cs::window(cs::hopping(first, next()))}, arguments);
    if (name == "elements")
        return count(cs::window(cs::elements(first.count(), next().count())), arguments);
    throw std::invalid_argument("no kind of windows: " + kind);
}

} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() < 6) return 2;
    int exit_code = 0;
    asio::io_context io(1);
    asio::co_spawn(io, count_in(arguments[4], arguments), [&](const std::exception_ptr& failure) {
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
