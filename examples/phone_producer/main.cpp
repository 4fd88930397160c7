// phone_producer: sends names of phones to a Kafka topic. phone_producer --help says how.
#include <corostream/core/clock.hpp>
#include <corostream/kafka/producer.hpp>
#include <phone_producer/console_report.hpp>
#include <phone_producer/event_times.hpp>
#include <phone_producer/options.hpp>
#include <phone_producer/phone_lines.hpp>
#include <phone_producer/publisher.hpp>
#include <phone_producer/random_phones.hpp>
#include <support/broker_watch.hpp>
#include <support/exit_code.hpp>
#include <support/program.hpp>
#include <support/terminal.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <random>
#include <unistd.h>

namespace asio = boost::asio;
namespace cs = corostream;

namespace {

std::unique_ptr<phone_producer::phone_names> open_names(
    support::program& program, const phone_producer::options& o, std::uint64_t seed)
{
    using namespace phone_producer;
    if (o.from_stdin)
        return std::make_unique<phone_lines>(program.executor(), STDIN_FILENO, "standard input");
    auto list = o.phones_file.empty() ? built_in_phones() : read_phones(o.phones_file);
    return std::make_unique<random_phones>(std::move(list), seed);
}

std::optional<phone_producer::event_times> make_times(
    const phone_producer::options& o, cs::time_point begin, std::uint64_t seed)
{
    using phone_producer::event_times;
    if (o.event_rate) return event_times(o.start.value_or(begin), *o.event_rate, o.disorder, seed);
    if (o.disorder.count() > 0) return event_times(o.disorder, seed);
    return std::nullopt;
}

phone_producer::console_report make_report(
    support::program& program, const phone_producer::options& o)
{
    const bool bar = o.count && support::is_terminal(STDOUT_FILENO);
    return {program, o.what.topic, bar ? o.count : std::nullopt, !bar || o.verbose};
}

asio::awaitable<int> produce(support::program& program, phone_producer::options o)
{
    const auto seed = o.seed ? *o.seed : std::random_device()();
    o.what.times = make_times(o, cs::clock::of(program.executor()).now(), seed);
    auto names = open_names(program, o, seed);
    auto report = make_report(program, o);
    phone_producer::publisher publisher(program.executor(), o.what, report);

    support::broker_watch brokers(
        program.executor(), program.errors(), o.connection, program.stop());
    cs::kafka::producer_options settings(o.connection.brokers);
    for (const auto& [key, value] : o.connection.properties) settings.set(key, value);
    cs::kafka::producer producer(program.executor(), settings.on(brokers.events()));

    auto ask = [&](cs::duration timeout) { return producer.describe(o.what.topic, timeout); };
    const auto reached = co_await brokers.reach(&producer, ask);
    if (!reached) co_return support::exit_success; // stopped

    report.begin();
    std::exception_ptr failure;
    try {
        co_await publisher.run(&producer, names.get(), program.stop());
    } catch (...) {
        failure = std::current_exception();
    }
    report.summary(publisher.sent(), publisher.delivered());
    if (failure) std::rethrow_exception(failure);
    co_await producer.close(std::chrono::seconds(1));
    co_return publisher.failed() == 0 ? support::exit_success : support::exit_failure;
}

} // namespace

int main(int argc, char** argv)
{
    support::program program("phone_producer");
    return program.run([&] { return produce(program, phone_producer::read_options(argc, argv)); });
}
