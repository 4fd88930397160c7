#include <phone_count/options.hpp>
#include <phone_producer/options.hpp>
#include <support/early_exit.hpp>
#include <support/usage_error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using corostream::kafka::start_at;
using phone_count::late_kind;
using phone_count::time_kind;
using phone_count::window_kind;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

template <class Read>
auto read(Read read_options, std::vector<const char*> arguments)
{
    arguments.insert(arguments.begin(), "program");
    return read_options(static_cast<int>(arguments.size()), arguments.data());
}

phone_count::options count(std::vector<const char*> arguments)
{
    return read(phone_count::read_options, std::move(arguments));
}

phone_producer::options produce(std::vector<const char*> arguments)
{
    arguments.insert(arguments.begin(), {"--brokers", "localhost:9092"});
    return read(phone_producer::read_options, std::move(arguments));
}

template <class F>
std::string told_by(F f)
{
    try {
        f();
    } catch (const support::usage_error& e) {
        return e.what();
    }
    return "none";
}

TEST(CountOptions, have_the_defaults_that_help_states)
{
    const auto o = count({});
    EXPECT_EQ(o.connection.brokers, "");
    EXPECT_EQ(o.connection.topic, "Test");
    EXPECT_EQ(o.connection.wait, 30s);
    EXPECT_EQ(o.group, "phone-count");
    EXPECT_EQ(o.window.time, time_kind::arrival);
    EXPECT_EQ(o.window.kind, window_kind::tumbling);
    EXPECT_EQ(o.window.size, 4s);
    EXPECT_EQ(o.window.bound, 1s);
    EXPECT_EQ(o.window.idle, 5s);
    EXPECT_EQ(o.window.late, late_kind::drop);
    EXPECT_EQ(o.window.max_future, corostream::duration::max());
    EXPECT_EQ(o.from, start_at::committed);
    EXPECT_FALSE(o.until_end);
    EXPECT_EQ(o.to, "");
    EXPECT_FALSE(o.list);
    EXPECT_FALSE(o.wait_for_topic);
}

TEST(CountOptions, are_read)
{
    const auto o = count({"--brokers", "a:1,b:2,[::1]:3", "--topic=phones", "--group", "g",
        "--window", "500ms", "--from", "latest", "--format", "json", "--windows", "3", "--wait",
        "1m", "--wait-topic", "--set", "a=b=c", "--set", "d="});
    EXPECT_EQ(o.connection.brokers, "a:1,b:2,[::1]:3");
    EXPECT_EQ(o.connection.topic, "phones");
    EXPECT_EQ(o.connection.wait, 1min);
    EXPECT_THAT(o.connection.properties,
        testing::ElementsAre(testing::Pair("a", "b=c"), testing::Pair("d", "")));
    EXPECT_EQ(o.group, "g");
    EXPECT_EQ(o.window.size, 500ms);
    EXPECT_EQ(o.from, start_at::latest);
    EXPECT_EQ(o.format, phone_count::format::json);
    EXPECT_EQ(o.windows, 3U);
    EXPECT_TRUE(o.wait_for_topic);
}

TEST(CountOptions, of_windows_are_read)
{
    const auto hopping = count({"--window", "1m", "--hop", "10s"}).window;
    EXPECT_EQ(hopping.kind, window_kind::hopping);
    EXPECT_EQ(hopping.size, 1min);
    EXPECT_EQ(hopping.step, 10s);
    const auto cumulative = count({"--window", "1h", "--cumulate", "1m"}).window;
    EXPECT_EQ(cumulative.kind, window_kind::cumulative);
    EXPECT_EQ(cumulative.size, 1h);
    EXPECT_EQ(cumulative.step, 1min);
    const auto session = count({"--session", "3s"}).window;
    EXPECT_EQ(session.kind, window_kind::session);
    EXPECT_EQ(session.size, 3s);
}

TEST(CountOptions, of_event_time_are_read)
{
    const auto o = count({"--time", "event", "--bound", "0s", "--idle", "1m", "--late",
        "allow=90s", "--max-future", "1h", "--to", "results"});
    EXPECT_EQ(o.window.time, time_kind::event);
    EXPECT_EQ(o.window.bound, 0s);
    EXPECT_EQ(o.window.idle, 1min);
    EXPECT_EQ(o.window.late, late_kind::allow);
    EXPECT_EQ(o.window.allowed, 90s);
    EXPECT_EQ(o.window.max_future, 1h);
    EXPECT_EQ(o.to, "results");
    EXPECT_EQ(o.group, "phone-count");
    EXPECT_EQ(count({"--time", "event", "--late", "show"}).window.late, late_kind::show);
}

TEST(CountOptions, until_the_end_needs_no_group_unless_there_is_one)
{
    const auto again = count({"--time", "event", "--until", "end"});
    EXPECT_TRUE(again.until_end);
    EXPECT_EQ(again.group, "");
    EXPECT_EQ(again.from, start_at::earliest);
    const auto on = count(
        {"--time", "event", "--until", "end", "--group", "g", "--from", "latest"});
    EXPECT_EQ(on.group, "g");
    EXPECT_EQ(on.from, start_at::latest);
}

TEST(CountOptions, what_excludes_each_other_or_needs_event_time_is_named)
{
    const auto says
        = [](std::vector<const char*> arguments) { return told_by([&] { count(arguments); }); };
    EXPECT_EQ(says({"--hop", "1s", "--session", "2s"}),
        "--hop 1s and --session 2s exclude each other");
    EXPECT_EQ(says({"--hop", "1s", "--cumulate", "2s"}),
        "--hop 1s and --cumulate 2s exclude each other");
    EXPECT_EQ(says({"--cumulate", "1s", "--session", "2s"}),
        "--cumulate 1s and --session 2s exclude each other");
    EXPECT_EQ(says({"--window", "4s", "--session", "2s"}),
        "--session 2s and --window 4s exclude each other");
    for (const auto& [option, value] : std::vector<std::pair<const char*, const char*>>{
             {"--until", "end"}, {"--to", "x"}, {"--hop", "1s"}, {"--cumulate", "1s"},
             {"--session", "1s"}, {"--time", "event"}, {"--bound", "1s"}, {"--idle", "1s"},
             {"--late", "show"}, {"--max-future", "1h"}}) {
        const auto excluded = "--list and " + std::string(option) + " exclude each other";
        EXPECT_EQ(says({"--list", option, value}), excluded);
        EXPECT_EQ(says({option, value, "--list"}), excluded);
    }
    EXPECT_EQ(says({"--list", "--time", "event", "--late", "allow=1s"}),
        "--list and --time exclude each other");
    EXPECT_EQ(says({"--bound", "1s"}), "--bound 1s needs --time event");
    EXPECT_EQ(says({"--idle", "1s", "--time", "arrival"}), "--idle 1s needs --time event");
    EXPECT_EQ(says({"--late", "drop"}), "--late drop needs --time event");
    EXPECT_EQ(says({"--max-future", "1h"}), "--max-future 1h needs --time event");
    EXPECT_EQ(says({"--until", "end"}), "--until end needs --time event");
    EXPECT_THAT(says({"--time", "noon"}), StartsWith("--time: 'noon' is not"));
    EXPECT_THAT(says({"--hop", "5s"}), StartsWith("--hop: '5s' is not at most --window"));
    EXPECT_THAT(
        says({"--window", "10s", "--cumulate", "3s"}), StartsWith("--cumulate: '3s' is not"));
    EXPECT_THAT(says({"--session", "0s"}), StartsWith("--session: '0s' is not"));
    EXPECT_THAT(says({"--to", "a b"}), StartsWith("--to: 'a b' is not"));
    EXPECT_THAT(says({"--to", "Test"}), StartsWith("--to: 'Test' is not another topic"));
    const auto says_of_events = [&](const char* option, const char* value) {
        return says({"--time", "event", option, value});
    };
    EXPECT_THAT(says_of_events("--bound", "-1s"), StartsWith("--bound: '-1s' is not"));
    EXPECT_THAT(says_of_events("--idle", "0s"), StartsWith("--idle: '0s' is not"));
    EXPECT_THAT(says_of_events("--late", "wait"), StartsWith("--late: 'wait' is not"));
    EXPECT_THAT(says_of_events("--late", "allow=0s"), StartsWith("--late allow: '0s' is not"));
    EXPECT_THAT(says_of_events("--max-future", "0s"), StartsWith("--max-future: '0s' is not"));
    EXPECT_THAT(says_of_events("--until", "noon"), StartsWith("--until: 'noon' is not end"));
}

TEST(CountOptions, what_is_wrong_is_named)
{
    const auto says
        = [](std::vector<const char*> arguments) { return told_by([&] { count(arguments); }); };
    EXPECT_THAT(says({"--window", "0s"}), StartsWith("--window: '0s' is not"));
    EXPECT_THAT(says({"--wait", "-1s"}), StartsWith("--wait: '-1s' is not"));
    EXPECT_THAT(says({"--windows", "0"}), StartsWith("--windows: '0' is not"));
    EXPECT_THAT(says({"--from", "first"}), StartsWith("--from: 'first' is not"));
    EXPECT_THAT(
        says({"--format", "xml"}), StartsWith("--format: 'xml' is not table, json or bars"));
    EXPECT_THAT(
        says({"--list", "--format", "bars"}), StartsWith("--format: 'bars' is not table or json"));
    EXPECT_THAT(says({"--topic", "a b"}), StartsWith("--topic: 'a b' is not"));
    EXPECT_THAT(says({"--topic", ".."}), StartsWith("--topic: '..' is not"));
    EXPECT_THAT(says({"--topic", "^.*"}), StartsWith("--topic: '^.*' is not"));
    EXPECT_THAT(says({"--topic", ""}), StartsWith("--topic: '' is not"));
    EXPECT_THAT(says({"--group", ""}), StartsWith("--group: '' is not"));
    EXPECT_THAT(says({"--set", "x"}), StartsWith("--set: 'x' is not"));
    EXPECT_THAT(says({"--set", "=x"}), StartsWith("--set: '=x' is not"));
    for (const char* brokers :
        {"", "a:0", "a:65536", "a:x", "a:", ":9092", "a:1,", ",a:1", "a:1,,b:2", "a:-1"})
        EXPECT_THAT(says({"--brokers", brokers}),
            StartsWith("--brokers: '" + std::string(brokers) + "' is not"));
    EXPECT_THAT(says({"--wind", "4s"}), HasSubstr("--wind"));
    EXPECT_THAT(says({"--window"}), HasSubstr("--window"));
    EXPECT_THAT(says({"surplus\x1b"}), HasSubstr(R"('surplus\x1b')"));
    EXPECT_THAT(says({"--\x1b"}), HasSubstr(R"(\x1b)"));
}

TEST(ProducerOptions, have_the_defaults_that_help_states)
{
    const auto o = produce({});
    EXPECT_EQ(o.what.topic, "Test");
    EXPECT_EQ(o.what.rate, 2);
    EXPECT_FALSE(o.count);
    EXPECT_FALSE(o.what.key_by_name);
    EXPECT_FALSE(o.seed);
    EXPECT_FALSE(o.from_stdin);
    EXPECT_FALSE(o.event_rate);
    EXPECT_FALSE(o.start);
    EXPECT_EQ(o.disorder, 0ms);
}

TEST(ProducerOptions, are_read)
{
    const auto o = produce({"--rate", "0", "--count", "7", "--phones", "f", "--seed", "0", "--key",
        "name", "--verbose"});
    EXPECT_EQ(o.what.rate, 0);
    EXPECT_EQ(o.count, 7U);
    EXPECT_EQ(o.what.count, 7U);
    EXPECT_EQ(o.phones_file, "f");
    EXPECT_EQ(o.seed, 0U);
    EXPECT_TRUE(o.what.key_by_name);
    EXPECT_TRUE(o.verbose);
}

TEST(ProducerOptions, of_event_time_are_read)
{
    const auto o = produce(
        {"--event-rate", "0.5", "--start", "1970-01-01T00:00:05.001Z", "--disorder", "5s"});
    EXPECT_EQ(o.event_rate, 0.5);
    EXPECT_EQ(o.start, corostream::time_point(5001ms));
    EXPECT_EQ(o.disorder, 5s);
    EXPECT_EQ(produce({"--disorder", "0s"}).disorder, 0ms);
    EXPECT_EQ(produce({"--disorder", "2000us"}).disorder, 2ms);
}

TEST(ProducerOptions, what_is_wrong_is_named)
{
    const auto says
        = [](std::vector<const char*> arguments) { return told_by([&] { produce(arguments); }); };
    EXPECT_THAT(says({"--rate", "-2"}), StartsWith("--rate: '-2' is not"));
    EXPECT_THAT(says({"--event-rate", "0"}), StartsWith("--event-rate: '0' is not"));
    EXPECT_THAT(says({"--disorder", "-1s"}), StartsWith("--disorder: '-1s' is not"));
    EXPECT_THAT(
        says({"--disorder", "1500us"}), StartsWith("--disorder: '1500us' is not whole"));
    EXPECT_THAT(
        says({"--event-rate", "1", "--start", "noon"}), StartsWith("--start: 'noon' is not"));
    EXPECT_THAT(says({"--event-rate", "1", "--disorder", "5s", "--start", "1970-01-01T00:00:05Z"}),
        HasSubstr("from 1970-01-01T00:00:05.001Z")); // no record may be at the epoch
    EXPECT_THAT(
        says({"--start", "2026-11-22T12:00:00Z"}), HasSubstr("--start needs --event-rate"));
    EXPECT_THAT(says({"--count", "0"}), StartsWith("--count: '0' is not"));
    EXPECT_THAT(says({"--seed", "x"}), StartsWith("--seed: 'x' is not"));
    EXPECT_THAT(says({"--key", "phone"}), StartsWith("--key: 'phone' is not 'name'"));
    EXPECT_THAT(says({"--phones", "f", "--stdin"}), HasSubstr("--phones and --stdin"));
    EXPECT_THAT(told_by([] { read(phone_producer::read_options, {}); }),
        StartsWith("--brokers is missing"));
}

TEST(Help, fits_a_page_and_names_every_option)
{
    for (const char* option : {"--help", "-h"}) {
        try {
            count({option, "--window", "0s"});
            FAIL() << "no help";
        } catch (const support::early_exit& help) {
            EXPECT_THAT(help.text(), HasSubstr("Examples:"));
            for (const char* name : {"brokers", "topic", "group", "window", "from", "format",
                     "windows", "list", "set", "wait", "wait-topic", "version", "time", "hop",
                     "cumulate",
                     "session", "bound", "idle", "late", "max-future", "until", "to"})
                EXPECT_THAT(help.text(), HasSubstr("--" + std::string(name)));
            EXPECT_THAT(help.text(), testing::Not(HasSubstr(" \n")));
        }
    }
}

} // namespace
