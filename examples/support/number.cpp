#include <support/number.hpp>
#include <support/usage_error.hpp>

#include <charconv>
#include <memory>
#include <optional>
#include <system_error>

namespace support {

namespace {

template <class Number>
std::optional<Number> parse(std::string_view text)
{
    Number n{};
    const auto* const end = std::to_address(text.end());
    const auto [rest, failed] = std::from_chars(std::to_address(text.begin()), end, n);
    return failed == std::errc() && rest == end ? std::optional(n) : std::nullopt;
}

constexpr bool is_positive_rate(double n) { return n >= 0.0001 && n <= 1e6; } // false for "nan" too

} // namespace

std::uint64_t parse_count(std::string_view option, std::string_view text)
{
    const auto n = parse<std::uint64_t>(text);
    if (!n || *n == 0 || *n > 1'000'000'000'000)
        throw usage_error(option, text, "a whole number from 1 to 1000000000000");
    return *n;
}

double parse_rate(std::string_view option, std::string_view text)
{
    const auto n = parse<double>(text);
    if (!n || !(is_positive_rate(*n) || *n == 0))
        throw usage_error(
            option, text, "a number from 0.0001 to 1000000 a second, or 0 for as fast as it goes");
    return *n;
}

double parse_positive_rate(std::string_view option, std::string_view text)
{
    const auto n = parse<double>(text);
    if (!n || !is_positive_rate(*n))
        throw usage_error(option, text, "a number from 0.0001 to 1000000 a second");
    return *n;
}

std::uint64_t parse_seed(std::string_view option, std::string_view text)
{
    const auto n = parse<std::uint64_t>(text);
    if (!n) throw usage_error(option, text, "a whole number from 0 to 18446744073709551615");
    return *n;
}

} // namespace support
