// expect: corostream: dead_letter\(producer, topic\): the elements before it are no messages
#include <corostream/kafka.hpp>

namespace kafka = corostream::kafka;

auto misuse(kafka::consumer& from, kafka::producer& to)
{
    auto numbers = from.messages() | corostream::map([](const kafka::message&) { return 1; });
    return std::move(numbers) | kafka::dead_letter(to, "phones.dead");
}
