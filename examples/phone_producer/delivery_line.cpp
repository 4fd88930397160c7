#include <phone_producer/delivery_line.hpp>
#include <support/escaped.hpp>

#include <array>
#include <charconv>
#include <concepts>

namespace phone_producer {

namespace {

void append(std::string& to, std::integral auto number)
{
    std::array<char, 24> digits{};
    const auto [end, failed] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    to.append(digits.data(), end);
}

} // namespace

void append_delivery(std::string& to, std::string_view topic, std::int32_t partition,
    std::int64_t offset, std::string_view phone)
{
    to += topic;
    to += " [";
    append(to, partition);
    to += "] at offset ";
    append(to, offset);
    to += ": ";
    support::append_value(to, phone, false);
}

} // namespace phone_producer
