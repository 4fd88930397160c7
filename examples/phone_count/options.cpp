#include <phone_count/options.hpp>
#include <support/duration.hpp>
#include <support/number.hpp>
#include <support/terminal.hpp>
#include <support/usage_error.hpp>

#include <chrono>
#include <unistd.h>

namespace phone_count {

namespace {

constexpr auto about
    = R"(phone_count counts the phones that a Kafka topic names, in windows of time.

Usage: phone_count [--brokers HOST:PORT] [OPTION...]
       phone_count --list [--brokers HOST:PORT] [OPTION...]

Without --brokers it starts a small broker in this process, prints its address so that other
programs can join, and sends phones to it.
)";

constexpr auto epilogue
    = R"(Windows are aligned to the epoch, but for sessions. Times are in UTC, and a window shows
when it ends. With --time event it ends when all partitions have come to its end and --bound beyond,
so that the counts depend on the records alone. A record is late when its own partition had come so
far before it. How many were late, or dropped by --max-future, is told at the end.

--until end without --group is for counting a topic again: it reads from the earliest record of
every partition, with no group, so that nothing is committed; two runs print the same. With
--group it goes on where the group left off, and commits. Late records are shown at the end, then.

--to writes each row to a topic, too: the phone is the key (a tombstone's row has none), the value
the window's begin in ms since the epoch, a comma and the count, 0 of a session that was taken back.
With --group a window shows, and is committed, once its rows have been delivered.

Formats:
  table  [2026-11-22T12:10:04Z, 2026-11-22T12:10:08Z)
         (Huwai P30, 1)
  json   a window on one line; with --list a message, with its partition, offset, time and key
  bars   horizontal bars, on a terminal drawn in place
A window that is shown again, with --late allow, has (again) behind it, in json "update": true; a
session that late records have made another one is shown once more as it was, with (taken back) or
"retracted": true, before that one. With --late show a late record is
late (Huwai P30, 2026-11-22T12:10:04Z), in json it has "late": true.
In table and bars, what could act on a terminal is escaped as \xNN, a tombstone (a record without a
value) shows as (null), and an empty value as "". In json a tombstone is null; a name that isn't
UTF-8 has U+FFFD for what is wrong in it, and phone_base64 has its bytes.

SIGINT and SIGTERM end the program gracefully: what has been shown is committed, and the open
window is counted again when the group comes back; how many records that are, is said. A second one
ends it at once.

Examples:
  phone_count                                 see it work, without any Kafka
  phone_count --brokers localhost:9092        count what comes, from where the group left off
  phone_count --brokers localhost:9092 --group new --from earliest --windows 3
  phone_count --brokers localhost:9092 --window 1m --format json | jq .counts
  phone_count --brokers localhost:9092 --list | sort | uniq -c
  phone_count --brokers localhost:9092 --time event --until end --window 1h
        count a topic again, by when things happened
  phone_producer --brokers localhost:9092 --rate 0 --event-rate 10 --count 36000 --disorder 1s &&
    phone_count --brokers localhost:9092 --time event --until end --window 10m --hop 5m
        make an hour of event time, and count it
  phone_count --brokers kafka:9093 --set security.protocol=ssl --set ssl.ca.location=ca.pem

Exit codes: 0 success, also when stopped; 1 failure, 2 wrong usage, 130 stopped at once.
)";

corostream::kafka::start_at read_from(const std::string& text)
{
    using corostream::kafka::start_at;
    if (text == "committed") return start_at::committed;
    if (text == "earliest") return start_at::earliest;
    if (text == "latest") return start_at::latest;
    throw support::usage_error("--from", text, "earliest, latest or committed");
}

format read_format(const support::command_line& line, const options& o)
{
    const auto text = line.get("format");
    const bool live = !o.list && !o.until_end && support::is_terminal(STDOUT_FILENO);
    if (!line.has("format")) return live ? format::bars : format::table;
    if (text == "table") return format::table;
    if (text == "json") return format::json;
    if (text == "bars" && !o.list) return format::bars;
    throw support::usage_error(
        "--format", text, o.list ? "table or json, which --list takes" : "table, json or bars");
}

void read_until(const support::command_line& line, options& o)
{
    if (!line.given("until")) return;
    require_event_time(line, "until");
    if (line.get("until") != "end") throw support::usage_error("--until", line.get("until"), "end");
    o.until_end = true;
    if (!line.given("group")) o.group.clear();
    if (!line.given("from")) o.from = corostream::kafka::start_at::earliest;
}

void read_to(const support::command_line& line, options& o)
{
    if (!line.given("to")) return;
    o.to = line.get("to");
    support::check_topic("--to", o.to);
    if (o.to == o.connection.topic)
        throw support::usage_error("--to", o.to, "another topic than the one that is counted");
}

/// What windows take, and what results do: a list has neither.
void refuse_what_a_list_ignores(const support::command_line& line)
{
    for (const auto* name : {"until", "to", "hop", "cumulate", "session", "time", "bound", "idle",
             "late", "max-future"})
        if (line.given(name))
            throw support::usage_error("--list and --" + std::string(name) + " exclude each other");
}

} // namespace

options read_options(int argc, const char* const* argv)
{
    support::command_line line("phone_count", about, epilogue);
    support::connection_options::describe(line);
    line.add("group", "NAME", "the consumer group; its members share the work", "phone-count");
    window_options::describe(line);
    line.add("from", "WHERE",
        "earliest, latest or committed: where to begin if the group has committed nothing "
        "(committed: at the "
        "earliest record), or what it has committed is out of range (committed: fail)",
        "committed");
    line.add("until", "end",
        "with --time event: read every partition to its end as it is now, show all windows, and "
        "exit");
    line.add("windows", "N", "stop after so many windows");
    line.add("format", "FORMAT",
        "table, json or bars; bars of a live count on a terminal, else table, unless given");
    line.add("to", "TOPIC", "write the results to this topic, too");
    line.add_flag(
        "list", "print the topic's messages up to its end as it is now, one a line, and exit");
    line.add("status", "TIME",
        "say every so often, on standard error, how it stands with each partition; SIGUSR1 asks "
        "for it at once");
    line.add_flag("wait-topic", "wait for a topic that doesn't exist");
    line.parse(argc, argv);

    options o;
    o.connection = support::connection_options::read(line);
    o.group = line.get("group");
    if (o.group.empty()) throw support::usage_error("--group", o.group, "a name");
    o.list = line.has("list");
    if (o.list) refuse_what_a_list_ignores(line);
    o.window = window_options::read(line);
    o.from = read_from(line.get("from"));
    read_until(line, o);
    read_to(line, o);
    o.format = read_format(line, o);
    if (line.has("windows")) o.windows = support::parse_count("--windows", line.get("windows"));
    if (line.has("status"))
        o.status = support::parse_duration(
            "--status", line.get("status"), std::chrono::milliseconds(100));
    o.wait_for_topic = line.has("wait-topic");
    return o;
}

} // namespace phone_count
