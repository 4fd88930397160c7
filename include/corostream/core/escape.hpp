#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace corostream {

namespace detail {

/// The length in bytes of the well-formed UTF-8 character at the start of `text`, and its code
/// point; 0 if it is none. Follows the table of well-formed sequences in the Unicode Standard,
/// section 3.9.
struct utf8_character {
    std::size_t length;
    std::uint32_t code;
};

inline utf8_character decode_utf8(std::string_view text)
{
    auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return {1, lead};
    const std::size_t length = lead >= 0xF0 && lead <= 0xF4 ? 4 : lead >= 0xE0 && lead < 0xF0 ? 3
                                                            : lead >= 0xC2 && lead < 0xE0     ? 2
                                                                                              : 0;
    if (length == 0 || text.size() < length) return {0, lead};
    std::uint32_t code = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) return {0, lead};
        code = (code << 6U) | (byte(i) & 0x3FU);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    const bool surrogate = code >= 0xD800 && code < 0xE000;
    return overlong || surrogate || code > 0x10FFFF ? utf8_character{0, lead}
                                                    : utf8_character{length, code};
}

/// Characters that move the cursor, change the terminal's state, or reorder the text around them
/// (UAX #9).
inline bool is_unsafe(std::uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C || code == 0x200E
        || code == 0x200F || (code >= 0x2028 && code <= 0x202E)
        || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

} // namespace detail

/// Makes bytes from outside safe to show on a terminal or in a log: control characters, marks that
/// reorder text, and bytes that are not UTF-8 become `\xNN`, a backslash `\\`. All else stays as it
/// is, so the result is one line of valid UTF-8. Cost: one pass; allocates the result.
inline std::string escape(std::string_view bytes)
{
    constexpr auto digits = "0123456789abcdef";
    std::string safe;
    safe.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto [length, code] = detail::decode_utf8(bytes);
        const auto count = length == 0 ? std::size_t{1} : length;
        if (code == '\\') {
            safe += "\\\\";
        } else if (length == 0 || detail::is_unsafe(code)) {
            for (char c : bytes.substr(0, count)) {
                const auto b = static_cast<unsigned char>(c);
                safe += {'\\', 'x', digits[b >> 4U], digits[b & 15U]};
            }
        } else {
            safe += bytes.substr(0, count);
        }
        bytes.remove_prefix(count);
    }
    return safe;
}

/// True if `bytes` are well-formed UTF-8.
inline bool is_utf8(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto length = detail::decode_utf8(bytes).length;
        if (length == 0) return false;
        bytes.remove_prefix(length);
    }
    return true;
}

} // namespace corostream
