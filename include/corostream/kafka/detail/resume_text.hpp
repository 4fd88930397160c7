#pragma once

#include <corostream/core/cursor.hpp>
#include <corostream/kafka/detail/short_numbers.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace corostream::kafka::detail {

/// How a resume point is kept beside a committed offset, in the group's metadata: "corostream 1 "
/// and watermark, emitted (microseconds after the epoch) and seen, with a blank between them. Cuts
/// follow after another blank: for each twice the distance of its offset from that of the one
/// before, and one more if its number is not 0 and follows. After one more blank come the distances
/// of those that were refused. First these and then the cuts are left out where they would make it
/// longer than what a broker takes as it comes (`offset.metadata.max.bytes`, 4096).
inline constexpr std::string_view resume_mark = "corostream 1 ";
inline constexpr std::size_t longest_resume = 4'000;

inline std::string to_text(const resume_point& at)
{
    const auto number = [](std::int64_t n) { return std::to_string(n); };
    const auto times = std::string(resume_mark) + number(at.watermark.time_since_epoch().count())
                     + ' ' + number(at.emitted.time_since_epoch().count()) + ' ' + number(at.seen);
    std::string cuts, refused;
    std::int64_t before = 0;
    for (const auto& cut : at.cuts) {
        const auto distance = static_cast<std::uint64_t>(cut.offset - before);
        append_short(cuts, 2 * distance + (cut.number > 0));
        if (cut.number > 0) append_short(cuts, static_cast<std::uint64_t>(cut.number));
        before = cut.offset;
    }
    before = 0;
    for (const auto offset : at.refused) {
        append_short(refused, static_cast<std::uint64_t>(offset - before));
        before = offset;
    }
    if (times.size() + cuts.size() + refused.size() + 2 > longest_resume) refused.clear();
    if (times.size() + cuts.size() + 1 > longest_resume) cuts.clear();
    if (!refused.empty()) return times + ' ' + cuts + ' ' + refused;
    return cuts.empty() ? times : times + ' ' + cuts;
}

inline std::optional<std::vector<log_place>> cuts_from(std::string_view text)
{
    std::vector<log_place> cuts;
    for (std::uint64_t offset = 0; !text.empty();) {
        const auto distance = take_short(text);
        if (!distance) return std::nullopt;
        const auto number = *distance % 2 ? take_short(text) : 0;
        if (!number) return std::nullopt;
        offset += *distance / 2;
        cuts.push_back(
            {static_cast<std::int64_t>(offset), static_cast<std::int64_t>(*number)});
    }
    return cuts;
}

inline std::optional<std::vector<std::int64_t>> refused_from(std::string_view text)
{
    std::vector<std::int64_t> refused;
    for (std::uint64_t offset = 0; !text.empty();) {
        const auto distance = take_short(text);
        if (!distance) return std::nullopt;
        offset += *distance;
        refused.push_back(static_cast<std::int64_t>(offset));
    }
    return refused;
}

/// Nothing if it is not ours.
inline std::optional<resume_point> resume_from(std::string_view text)
{
    if (!text.starts_with(resume_mark)) return std::nullopt;
    text.remove_prefix(resume_mark.size());
    const auto take_blank = [&text] {
        if (!text.starts_with(' ')) return false;
        text.remove_prefix(1);
        return true;
    };
    std::array<std::int64_t, 3> numbers{};
    for (auto& n : numbers) {
        if (&n != &numbers.front() && !take_blank()) return std::nullopt;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), n);
        if (failed != std::errc()) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    }
    if (!text.empty() && (!take_blank() || text.empty())) return std::nullopt;
    const auto blank = std::min(text.find(' '), text.size());
    auto cuts = cuts_from(text.substr(0, blank));
    auto refused = refused_from(text.substr(std::min(blank + 1, text.size())));
    if (!cuts || !refused || blank + 1 == text.size()) return std::nullopt;
    return resume_point{time_point(duration(numbers[0])), time_point(duration(numbers[1])),
        numbers[2], *std::move(cuts), *std::move(refused)};
}

} // namespace corostream::kafka::detail
