#include <corostream/core/escape.hpp>
#include <phone_count/window_options.hpp>
#include <support/duration.hpp>
#include <support/usage_error.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace phone_count {

namespace {

using support::command_line;
using support::parse_duration;
using support::usage_error;

constexpr corostream::duration shortest = std::chrono::milliseconds(1);

/// "--hop 1s", as it was typed.
std::string typed(const command_line& line, const std::string& name)
{
    return "--" + name + ' ' + corostream::escape(line.get(name));
}

void exclude(const command_line& line, const std::string& one, const std::string& other)
{
    if (line.given(one) && line.given(other))
        throw usage_error(typed(line, one) + " and " + typed(line, other) + " exclude each other");
}

time_kind read_time(const std::string& text)
{
    if (text == "arrival") return time_kind::arrival;
    if (text == "event") return time_kind::event;
    throw usage_error("--time", text, "event or arrival");
}

void read_kind(const command_line& line, window_options& o)
{
    exclude(line, "hop", "cumulate");
    exclude(line, "hop", "session");
    exclude(line, "cumulate", "session");
    exclude(line, "session", "window");
    const auto size = line.get("window");
    o.size = o.step = parse_duration("--window", size, shortest);
    if (line.given("hop")) {
        o.kind = window_kind::hopping;
        o.step = parse_duration("--hop", line.get("hop"), shortest);
        if (o.step > o.size)
            throw usage_error("--hop", line.get("hop"), "at most --window, which is " + size);
    } else if (line.given("cumulate")) {
        o.kind = window_kind::cumulative;
        o.step = parse_duration("--cumulate", line.get("cumulate"), shortest);
        if (o.size % o.step != corostream::duration::zero())
            throw usage_error("--cumulate", line.get("cumulate"),
                "such that --window, which is " + size + ", is a multiple of it");
    } else if (line.given("session")) {
        o.kind = window_kind::session;
        o.size = parse_duration("--session", line.get("session"), shortest);
    }
}

void read_late(const command_line& line, window_options& o)
{
    constexpr std::string_view allow = "allow=";
    const auto text = line.get("late");
    if (text == "drop") return;
    if (text == "show") {
        o.late = late_kind::show;
    } else if (text.starts_with(allow)) {
        o.late = late_kind::allow;
        o.allowed = parse_duration("--late allow", text.substr(allow.size()), shortest);
    } else {
        throw usage_error("--late", text, "drop, show or allow=TIME");
    }
}

} // namespace

void window_options::describe(command_line& line)
{
    line.add("time", "WHICH",
        "event: a record counts in the windows in which it happened, by its own time; arrival: in "
        "those in which it was read",
        "arrival");
    line.add("window", "TIME", "the size of a window", "4s");
    line.add("hop", "TIME", "begin a window every so often, so that windows overlap");
    line.add("cumulate", "TIME",
        "show every so often what the window has so far, up to its whole size");
    line.add("session", "TIME",
        "instead of windows of one size: one for each run of records of a phone that are less than "
        "this apart");
    line.add("bound", "TIME", "with --time event: how far out of order records may be", "1s");
    line.add("idle", "TIME",
        "with --time event: a partition that has been read to its end and got nothing for so long "
        "keeps no window open",
        "5s");
    line.add("late", "HOW",
        "with --time event, what is too late for all its windows: drop tells at the end how many, "
        "show tells each too, allow=TIME counts it for so long and shows the window again",
        "drop");
    line.add("max-future", "TIME",
        "with --time event: drop a record that is further ahead of the clock, instead of closing "
        "windows by it");
}

window_options window_options::read(const command_line& line)
{
    window_options o;
    o.time = read_time(line.get("time"));
    read_kind(line, o);
    for (const auto* name : {"bound", "idle", "late", "max-future"})
        require_event_time(line, name);
    o.bound = parse_duration("--bound", line.get("bound"), corostream::duration(0));
    o.idle = parse_duration("--idle", line.get("idle"), shortest);
    read_late(line, o);
    if (line.given("max-future"))
        o.max_future = parse_duration("--max-future", line.get("max-future"), shortest);
    return o;
}

void require_event_time(const command_line& line, const std::string& name)
{
    if (line.given(name) && line.get("time") != "event")
        throw usage_error(typed(line, name) + " needs --time event");
}

} // namespace phone_count
