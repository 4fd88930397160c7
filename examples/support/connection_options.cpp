#include <support/connection_options.hpp>
#include <support/duration.hpp>
#include <support/usage_error.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string_view>

namespace support {

namespace {

/// HOST or HOST:PORT. An IPv6 address without brackets has more colons; librdkafka judges that.
bool is_broker(std::string_view text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || text.back() == ']') return !text.empty();
    int port = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, failed] = std::from_chars(text.data() + colon + 1, end, port);
    return colon > 0 && failed == std::errc() && rest == end && port >= 1 && port <= 65535;
}

void check_brokers(const std::string& brokers)
{
    for (std::string_view rest = brokers;;) {
        const auto comma = rest.find(',');
        if (!is_broker(rest.substr(0, comma)))
            throw usage_error(
                "--brokers", brokers, "a list such as localhost:9092 or kafka1:9092,kafka2:9092");
        if (comma == std::string_view::npos) return;
        rest.remove_prefix(comma + 1);
    }
}

std::pair<std::string, std::string> read_property(const std::string& text)
{
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string::npos)
        throw usage_error("--set", text, "a property and its value, such as linger.ms=100");
    return {text.substr(0, equals), text.substr(equals + 1)};
}

} // namespace

void connection_options::describe(command_line& line)
{
    line.add("brokers", "HOST:PORT,...", "where the Kafka cluster is");
    line.add("topic", "NAME", "the topic", "Test");
    line.add("wait", "TIME", "how long to try to reach the brokers", "30s");
    line.add_many("set", "KEY=VALUE",
        "set a property of librdkafka's, such as security.protocol=ssl; may be given many times");
}

connection_options connection_options::read(const command_line& line)
{
    connection_options options;
    options.brokers = line.get("brokers");
    if (line.has("brokers")) check_brokers(options.brokers);
    options.topic = line.get("topic");
    check_topic("--topic", options.topic);
    options.wait = parse_duration("--wait", line.get("wait"), std::chrono::milliseconds(1));
    for (const auto& property : line.get_many("set"))
        options.properties.push_back(read_property(property));
    return options;
}

void check_topic(std::string_view option, const std::string& topic)
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '.' || c == '_' || c == '-';
    };
    const bool dots = topic == "." || topic == "..";
    if (topic.empty() || topic.size() > 249 || dots || !std::ranges::all_of(topic, allowed))
        throw usage_error(
            option, topic, "a topic's name: up to 249 of a-z, A-Z, 0-9, '.', '_' and '-'");
}

} // namespace support
