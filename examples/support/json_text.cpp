#include <corostream/core/escape.hpp>
#include <support/json_text.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace support {

namespace {

/// Length of the well-formed UTF-8 character at the start of `text`; 0 if there is none.
std::size_t character_length(std::string_view text)
{
    for (std::size_t n = 1; n <= std::min<std::size_t>(text.size(), 4); ++n)
        if (corostream::is_utf8(text.substr(0, n))) return n;
    return 0;
}

/// A character of two or three bytes as a JSON escape.
std::string unicode_escape(std::string_view character)
{
    auto code = static_cast<unsigned char>(character[0])
              & (character.size() == 1    ? 0x7FU
                  : character.size() == 2 ? 0x1FU
                                          : 0x0FU);
    for (const char c : character.substr(1))
        code = code << 6U | (static_cast<unsigned char>(c) & 0x3FU);
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "\\u%04x", code);
    return text.data();
}

} // namespace

void add_bytes(
    boost::json::object& to, std::string_view name, std::optional<std::string_view> bytes)
{
    if (!bytes) {
        to[name] = nullptr;
    } else if (corostream::is_utf8(*bytes)) {
        to[name] = *bytes;
    } else {
        to[name] = valid_utf8(*bytes);
        to[std::string(name) + "_base64"] = base64(*bytes);
    }
}

std::string json_line(const boost::json::object& object)
{
    const auto text = boost::json::serialize(object);
    std::string line;
    line.reserve(text.size() + 1);
    for (std::string_view rest = text; !rest.empty();) {
        const auto n = character_length(rest);
        const auto c = rest.substr(0, n);
        // Boost.JSON has escaped the rest of ASCII; the others that escape() changes have up to
        // three bytes.
        const bool safe = n == 1 ? c[0] != '\x7F' : corostream::escape(c) == c;
        if (safe) line += c;
        else line += unicode_escape(c);
        rest.remove_prefix(n);
    }
    return line += '\n';
}

std::string base64(std::string_view bytes)
{
    constexpr std::string_view digits
        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 3))) {
        unsigned group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8U | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            text += i <= bytes.size() ? digits[group >> (18U - 6U * i) & 63U] : '=';
    }
    return text;
}

std::string valid_utf8(std::string_view bytes)
{
    std::string text;
    while (!bytes.empty()) {
        const auto n = character_length(bytes);
        text += n == 0 ? "\uFFFD" : bytes.substr(0, n);
        bytes.remove_prefix(std::max<std::size_t>(n, 1));
    }
    return text;
}

} // namespace support
