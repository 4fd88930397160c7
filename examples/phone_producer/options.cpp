#include <phone_producer/options.hpp>
#include <support/duration.hpp>
#include <support/number.hpp>
#include <support/time_text.hpp>
#include <support/usage_error.hpp>

#include <chrono>

namespace phone_producer {

namespace {

constexpr auto about = R"(phone_producer sends names of phones to a Kafka topic.

Usage: phone_producer --brokers HOST:PORT [OPTION...]
)";

constexpr auto epilogue = R"(Each delivery is printed on standard output as
  Test [0] at offset 5: Huwai P30
with the name escaped, and "" for an empty one. At the end, standard error tells how many records
were sent, were delivered and failed, and how many were delivered a second. SIGINT and SIGTERM end
the sending and wait up to 3 s for the deliveries; a second one ends the program at once.

With --event-rate, times may run ahead of the clock. Kafka 4 refuses those of more than an hour
ahead (message.timestamp.after.max.ms), so for more begin in the past, with --start; but a
topic's retention goes by these times too.

Examples:
  phone_producer --brokers localhost:9092                    two phones a second, until stopped
  phone_producer --brokers localhost:9092 --rate 0 --count 100000
  printf 'Nokia 3310\n' | phone_producer --brokers localhost:9092 --stdin
  phone_producer --brokers localhost:9092 --rate 0 --event-rate 10 --count 36000 --disorder 5s
        an hour of event time within a second, its records up to 5 s late
  phone_producer --brokers localhost:9092 --phones mine.txt --seed 1 --key name

Exit codes: 0 all was delivered, 1 failure, 2 wrong usage, 130 stopped at once.
)";

std::chrono::milliseconds read_disorder(const std::string& text)
{
    const auto d = support::parse_duration("--disorder", text, corostream::duration(0));
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(d);
    if (ms != d) throw support::usage_error("--disorder", text, "whole milliseconds");
    return ms;
}

void read_times(const support::command_line& line, options& o)
{
    if (line.has("event-rate"))
        o.event_rate = support::parse_positive_rate("--event-rate", line.get("event-rate"));
    o.disorder = read_disorder(line.get("disorder"));
    if (!line.has("start")) return;
    // librdkafka takes the epoch itself, 0, for a time that was not given
    const auto least = corostream::time_point() + o.disorder + std::chrono::milliseconds(1);
    o.start = support::parse_time("--start", line.get("start"), least);
    if (!o.event_rate) throw support::usage_error("--start needs --event-rate");
}

} // namespace

options read_options(int argc, const char* const* argv)
{
    support::command_line line("phone_producer", about, epilogue);
    support::connection_options::describe(line);
    line.add("rate", "N", "how many a second, on average; 0 for as fast as it goes", "2");
    line.add("event-rate", "N",
        "stamp the records as if N were sent a second, whatever --rate is, from the program's "
        "start on; unless given, a record's time is when it is sent");
    line.add("start", "ISO-TIME",
        "with --event-rate: the first record's time, such as 2026-11-22T12:00:00Z");
    line.add("disorder", "TIME",
        "make each record's time earlier by a random part of this, so that some are late", "0s");
    line.add("count", "N", "how many in all; until stopped, or until the input ends, unless given");
    line.add(
        "phones", "FILE", "pick from the names in FILE, one a line, instead of the built-in list");
    line.add_flag("stdin", "send the lines of standard input, in order");
    line.add("seed", "N", "makes the names that are picked and the disorder repeatable");
    line.add(
        "key", "name", "'name' gives each record its phone as key, and so each phone a partition");
    line.add_flag("verbose", "print the deliveries also when there is a progress bar");
    line.parse(argc, argv);

    options o;
    o.connection = support::connection_options::read(line);
    if (o.connection.brokers.empty())
        throw support::usage_error(
            "--brokers is missing: say where Kafka is, as in --brokers localhost:9092");
    o.what.topic = o.connection.topic;
    o.what.rate = support::parse_rate("--rate", line.get("rate"));
    read_times(line, o);
    if (line.has("count"))
        o.what.count = o.count.emplace(support::parse_count("--count", line.get("count")));
    o.phones_file = line.get("phones");
    o.from_stdin = line.has("stdin");
    if (o.from_stdin && line.has("phones"))
        throw support::usage_error("--phones and --stdin exclude each other");
    if (line.has("seed")) o.seed = support::parse_seed("--seed", line.get("seed"));
    o.what.key_by_name = line.has("key");
    if (o.what.key_by_name && line.get("key") != "name")
        throw support::usage_error("--key", line.get("key"), "'name'");
    o.verbose = line.has("verbose");
    return o;
}

} // namespace phone_producer
