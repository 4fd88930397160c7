#include <phone_producer/progress.hpp>
#include <phone_producer/rate_text.hpp>

#include <algorithm>
#include <cmath>

namespace phone_producer {

namespace {

/// "59 s", "1 min 30 s", "2 h 5 min".
std::string time_left_text(double seconds)
{
    const auto whole = static_cast<std::int64_t>(std::ceil(std::min(seconds, 1e9)));
    const auto two = [](std::int64_t large, const char* large_unit, std::int64_t small,
                         const char* small_unit) {
        return std::to_string(large) + large_unit + std::to_string(small) + small_unit;
    };
    if (whole < 60) return std::to_string(whole) + " s";
    if (whole < 3600) return two(whole / 60, " min ", whole % 60, " s");
    return two(whole / 3600, " h ", whole % 3600 / 60, " min");
}

} // namespace

std::string progress_line(const progress& p, std::size_t columns)
{
    const auto share = static_cast<double>(p.done) / static_cast<double>(p.total);
    const auto percent = std::to_string(static_cast<int>(share * 100));
    auto text = std::string(4 - std::min<std::size_t>(percent.size(), 3), ' ') + percent + " %  "
              + std::to_string(p.done) + " of " + std::to_string(p.total);
    if (p.done > 0 && p.elapsed.count() > 0) {
        const auto rate = static_cast<double>(p.done) / p.elapsed.count();
        text += "  " + rate_text(rate);
        if (p.done < p.total)
            text += "  " + time_left_text(static_cast<double>(p.total - p.done) / rate) + " left";
    }

    constexpr std::size_t least = 10, most = 40;
    if (columns < text.size() + least + 2) {
        text.resize(std::min(text.size(), columns));
        return text;
    }
    const auto cells = std::min(most, columns - text.size() - 2);
    const auto filled = static_cast<std::size_t>(share * static_cast<double>(cells));
    return '[' + std::string(filled, '#') + std::string(cells - filled, ' ') + ']' + text;
}

} // namespace phone_producer
