#include <support/time_text.hpp>

#include <array>
#include <chrono>
#include <cstdio>

namespace support {

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

std::int64_t epoch_ms(corostream::time_point t)
{
    return std::chrono::floor<std::chrono::milliseconds>(t).time_since_epoch().count();
}

} // namespace support
