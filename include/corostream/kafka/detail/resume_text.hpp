#pragma once

#include <corostream/core/cursor.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace corostream::kafka::detail {

/// How a resume point is kept beside a committed offset, in the group's metadata: "corostream 1 "
/// and watermark, emitted (microseconds after the epoch) and seen, with a blank between them.
inline constexpr std::string_view resume_mark = "corostream 1 ";

inline std::string to_text(const resume_point& at)
{
    const auto number = [](std::int64_t n) { return std::to_string(n); };
    return std::string(resume_mark) + number(at.watermark.time_since_epoch().count()) + ' '
         + number(at.emitted.time_since_epoch().count()) + ' ' + number(at.seen);
}

/// Nothing if it is not ours.
inline std::optional<resume_point> resume_from(std::string_view text)
{
    if (!text.starts_with(resume_mark)) return std::nullopt;
    text.remove_prefix(resume_mark.size());
    std::array<std::int64_t, 3> numbers{};
    for (auto& n : numbers) {
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), n);
        if (failed != std::errc()) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (&n != &numbers.back()) {
            if (!text.starts_with(' ')) return std::nullopt;
            text.remove_prefix(1);
        }
    }
    if (!text.empty()) return std::nullopt;
    return resume_point{
        time_point(duration(numbers[0])), time_point(duration(numbers[1])), numbers[2]};
}

} // namespace corostream::kafka::detail
