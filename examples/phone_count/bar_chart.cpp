#include <phone_count/bar_chart.hpp>
#include <support/text_width.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace phone_count {

namespace {

/// A bar of so many eighths of a column.
std::string blocks(std::int64_t eighths)
{
    constexpr std::array<std::string_view, 8> part{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    std::string text;
    for (; eighths >= 8; eighths -= 8) text += "█";
    return text.append(part.at(static_cast<std::size_t>(eighths)));
}

bool before(const bar& a, const bar& b)
{
    return a.count != b.count ? a.count > b.count : a.name < b.name;
}

} // namespace

std::string bar_chart(std::vector<bar> bars, support::terminal_size size)
{
    if (bars.empty()) return {};
    std::ranges::sort(bars, before);
    const auto largest = bars.front().count;
    const auto room = std::max<std::size_t>(size.rows, 1);
    const auto shown = bars.size() > room ? room - 1 : bars.size();

    std::size_t widest = 0;
    for (std::size_t i = 0; i < shown; ++i)
        widest = std::max(widest, support::text_width(bars[i].name));
    const auto name_columns = std::min(widest, std::max<std::size_t>(size.columns / 3, 8));
    const auto number_columns = std::to_string(largest).size();
    const auto others = name_columns + number_columns + 2; // a space on either side of the bar
    const auto bar_columns = size.columns > others ? size.columns - others : 0;

    std::string chart;
    for (std::size_t i = 0; i < shown; ++i) {
        const auto share = static_cast<double>(bars[i].count) / static_cast<double>(largest);
        const auto eighths
            = static_cast<std::int64_t>(share * 8 * static_cast<double>(bar_columns));
        chart += support::fit(bars[i].name, name_columns) + ' ';
        if (bar_columns > 0) chart += blocks(std::max<std::int64_t>(eighths, 1)) + ' ';
        chart += std::to_string(bars[i].count) + '\n';
    }
    if (shown < bars.size()) {
        std::int64_t rest = 0;
        for (auto i = shown; i < bars.size(); ++i) rest += bars[i].count;
        const auto line = std::to_string(bars.size() - shown) + " more: " + std::to_string(rest);
        chart += support::fit(line, std::min(line.size(), size.columns)) + '\n';
    }
    return chart;
}

} // namespace phone_count
