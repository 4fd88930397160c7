#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace corostream::kafka::detail {

/// Numbers as text, small ones short: base-64 digits of five bits each, the lowest first, and a
/// sixth bit that says that more follow (the VLQ of JavaScript's source maps, without a sign).
inline constexpr std::string_view short_digits
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

inline void append_short(std::string& to, std::uint64_t number)
{
    for (; number >= 32; number >>= 5U) to += short_digits[(number & 31U) | 32U];
    to += short_digits[number];
}

/// Takes one from the front of `text`; nothing if there is none.
inline std::optional<std::uint64_t> take_short(std::string_view& text)
{
    std::uint64_t number = 0;
    for (unsigned shift = 0; !text.empty() && shift < 64; shift += 5) {
        const std::uint64_t digit = short_digits.find(text.front());
        if (digit >= short_digits.size()) return std::nullopt;
        text.remove_prefix(1);
        number |= (digit & 31U) << shift;
        if (digit < 32) return number;
    }
    return std::nullopt;
}

/// The same with a sign, which is the lowest bit.
inline void append_signed(std::string& to, std::int64_t number)
{
    const auto twice = static_cast<std::uint64_t>(number) << 1U;
    append_short(to, number < 0 ? ~twice : twice);
}

inline std::optional<std::int64_t> take_signed(std::string_view& text)
{
    const auto twice = take_short(text);
    if (!twice) return std::nullopt;
    const auto half = *twice >> 1U;
    return static_cast<std::int64_t>(*twice % 2 ? ~half : half);
}

} // namespace corostream::kafka::detail
