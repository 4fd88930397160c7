#include <support/duration.hpp>
#include <support/usage_error.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <system_error>

namespace support {

namespace {

struct unit {
    std::string_view name;
    std::int64_t microseconds;
};

constexpr std::array units{unit{"d", 86'400'000'000}, unit{"h", 3'600'000'000},
    unit{"m", 60'000'000}, unit{"s", 1'000'000}, unit{"ms", 1'000}, unit{"us", 1}};

constexpr corostream::duration most = std::chrono::days(3650);

} // namespace

corostream::duration parse_duration(
    std::string_view option, std::string_view text, corostream::duration least)
{
    std::int64_t count = 0;
    const auto* const end = std::to_address(text.end());
    const auto [rest, failed] = std::from_chars(std::to_address(text.begin()), end, count);
    if (failed == std::errc()) {
        for (const auto& u : units) {
            if (std::string_view(rest, end) != u.name) continue;
            if (count > most.count() / u.microseconds) break;
            const corostream::duration d(count * u.microseconds);
            if (d >= least) return d;
        }
    }
    throw usage_error(option, text,
        "a duration from " + duration_text(least) + " to " + duration_text(most)
            + ", such as 4s, 500ms or 2m");
}

std::string duration_text(corostream::duration d)
{
    for (const auto& u : units)
        if (d.count() % u.microseconds == 0 && d.count() != 0)
            return std::to_string(d.count() / u.microseconds) + std::string(u.name);
    return "0s";
}

} // namespace support
