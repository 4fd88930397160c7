#include <phone_count/bars_printer.hpp>
#include <phone_count/job.hpp>
#include <phone_count/json_printer.hpp>
#include <phone_count/list_messages.hpp>
#include <phone_count/local_phones.hpp>
#include <phone_count/results.hpp>
#include <phone_count/row_topic.hpp>
#include <phone_count/status_line.hpp>
#include <phone_count/status_reporter.hpp>
#include <phone_count/table_printer.hpp>
#include <support/broker_watch.hpp>
#include <support/exit_code.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace phone_count {

namespace asio = boost::asio;
namespace kafka = corostream::kafka;

namespace {

constexpr std::chrono::seconds closing_time{3};

std::unique_ptr<window_printer> make_printer(support::program& program, format how)
{
    switch (how) {
    case format::json: return std::make_unique<json_printer>(program.out());
    case format::bars: return std::make_unique<bars_printer>(program);
    case format::table: break;
    }
    return std::make_unique<table_printer>(program.out());
}

kafka::consumer_options consumer_options(const options& o, kafka::events events, bool local)
{
    kafka::consumer_options settings(o.connection.brokers, o.connection.topic);
    settings.start(o.from).wait_for_topic(o.wait_for_topic).on(std::move(events));
    settings.until_end(o.list || o.until_end);
    if (o.list) settings.start(kafka::start_at::earliest);
    else if (!o.group.empty()) settings.group(o.group);
    // the embedded broker answers a fetch when its time is over, and waits so long for new members
    if (local) settings.set("fetch.wait.max.ms", "10").set("session.timeout.ms", "6000");
    for (const auto& [key, value] : o.connection.properties) settings.set(key, value);
    return settings;
}

kafka::producer_options producer_options(const options& o, kafka::events events)
{
    kafka::producer_options settings(o.connection.brokers);
    settings.on(std::move(events));
    if (!o.group.empty()) settings.set("linger.ms", "0"); // each window waits for its rows
    // those of consumers only are no business of a producer's, and change nothing in one
    for (const auto& [key, value] : o.connection.properties) settings.set(key, value);
    return settings;
}

} // namespace

asio::awaitable<int> run_job(support::program& program, options o, counting* count)
{
    std::unique_ptr<local_phones> local;
    if (o.connection.brokers.empty()) {
        local = std::make_unique<local_phones>(program, o.connection.topic);
        o.connection.brokers = local->brokers();
        if (o.list || o.until_end) co_await local->fill();
    }
    support::broker_watch brokers(
        program.executor(), program.errors(), o.connection, program.stop());
    kafka::consumer phones(
        program.executor(), consumer_options(o, brokers.events(), local != nullptr));
    if (local && !o.list && !o.until_end) local->start();
    const status_reporter reporter(program, phones, o.status);

    auto ask = [&](corostream::duration timeout) { return phones.describe(timeout); };
    const auto reached = co_await brokers.reach(&phones, ask);
    if (!reached) co_return support::exit_success; // stopped

    if (o.wait_for_topic && brokers.topic_is_missing())
        program.errors().say("topic " + o.connection.topic + " doesn't exist yet, waiting for it");

    const std::stop_callback on_stop(program.stop(), [&] { phones.stop(); });
    std::string held;
    const auto printer = make_printer(program, o.format);
    std::optional<row_topic> to;
    if (!o.to.empty()) to.emplace(program, producer_options(o, brokers.events()), o.to);
    results out(o, *printer, to ? &*to : nullptr);
    std::exception_ptr failure;
    try {
        if (o.list) co_await list_messages(phones, o.format, program.out());
        else co_await count(phones, o, out);
        co_await out.finish();
    } catch (...) {
        failure = std::current_exception();
    }
    if (!o.list && !local && !o.group.empty()) held = held_text(held_records(phones.status()));
    try {
        if (to) co_await to->close();
        co_await phones.close(closing_time);
        if (local) co_await local->finish();
    } catch (...) {
        if (!failure) failure = std::current_exception();
    }
    if (failure) std::rethrow_exception(failure);
    if (!held.empty()) program.errors().say(held);
    const auto late = late_count_text(out.counts().late);
    if (!late.empty()) program.errors().say(late);
    const auto future = future_count_text(out.counts().future);
    if (!future.empty()) program.errors().say(future);
    co_return support::exit_success;
}

} // namespace phone_count
