#include <phone_producer/options.hpp>
#include <support/number.hpp>
#include <support/usage_error.hpp>

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

Examples:
  phone_producer --brokers localhost:9092                    two phones a second, until stopped
  phone_producer --brokers localhost:9092 --rate 0 --count 100000
  printf 'Nokia 3310\n' | phone_producer --brokers localhost:9092 --stdin
  phone_producer --brokers localhost:9092 --phones mine.txt --seed 1 --key name

Exit codes: 0 all was delivered, 1 failure, 2 wrong usage, 130 stopped at once.
)";

} // namespace

options read_options(int argc, const char* const* argv)
{
    support::command_line line("phone_producer", about, epilogue);
    support::connection_options::describe(line);
    line.add("rate", "N", "how many a second, on average; 0 for as fast as it goes", "2");
    line.add("count", "N", "how many in all; until stopped, or until the input ends, unless given");
    line.add(
        "phones", "FILE", "pick from the names in FILE, one a line, instead of the built-in list");
    line.add_flag("stdin", "send the lines of standard input, in order");
    line.add("seed", "N", "makes what is picked repeatable");
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
