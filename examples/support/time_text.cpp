#include <support/time_text.hpp>
#include <support/usage_error.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>

namespace support {

namespace {

std::optional<corostream::time_point> parse(std::string text)
{
    constexpr std::string_view shape = "0000-00-00T00:00:00.000Z";
    if (text.size() == shape.size() - 4) text.insert(text.size() - 1, ".000");
    const auto fits = [](char c, char as) { return as == '0' ? c >= '0' && c <= '9' : c == as; };
    if (!std::ranges::equal(text, shape, fits)) return std::nullopt;
    const auto number = [&text](std::size_t at, std::size_t digits) {
        int n = 0;
        std::from_chars(text.data() + at, text.data() + at + digits, n);
        return n;
    };
    const std::chrono::year_month_day date(std::chrono::year(number(0, 4)),
        std::chrono::month(static_cast<unsigned>(number(5, 2))),
        std::chrono::day(static_cast<unsigned>(number(8, 2))));
    const int h = number(11, 2), m = number(14, 2), s = number(17, 2);
    if (!date.ok() || h > 23 || m > 59 || s > 59) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(h) + std::chrono::minutes(m)
         + std::chrono::seconds(s) + std::chrono::milliseconds(number(20, 3));
}

} // namespace

std::string iso_time(corostream::time_point t)
{
    const auto day = std::chrono::floor<std::chrono::days>(t);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(t - day);
    const auto us = clock.subseconds().count();

    std::array<char, 64> text{};
    auto size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
        static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    std::string iso(text.data(), static_cast<std::size_t>(size));
    if (us != 0) {
        const bool whole_ms = us % 1000 == 0;
        size = std::snprintf(text.data(), text.size(), whole_ms ? ".%03d" : ".%06d",
            static_cast<int>(whole_ms ? us / 1000 : us));
        iso.append(text.data(), static_cast<std::size_t>(size));
    }
    return iso + 'Z';
}

corostream::time_point parse_time(
    std::string_view option, std::string_view text, corostream::time_point least)
{
    const auto t = parse(std::string(text));
    if (!t || *t < least)
        throw usage_error(option, text,
            "a time from " + iso_time(least)
                + " to 9999-12-31T23:59:59.999Z, such as 2026-11-22T12:00:00Z");
    return *t;
}

std::int64_t epoch_ms(corostream::time_point t)
{
    return std::chrono::floor<std::chrono::milliseconds>(t).time_since_epoch().count();
}

} // namespace support
