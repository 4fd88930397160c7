#include <corostream/core/escape.hpp>
#include <support/escaped.hpp>

#include <algorithm>

namespace support {

namespace {

bool is_plain(char c) { return c >= ' ' && c <= '~' && c != '\\'; }

} // namespace

void append_escaped(std::string& to, std::string_view bytes)
{
    if (std::ranges::all_of(bytes, is_plain)) to += bytes;
    else to += corostream::escape(bytes);
}

void append_value(std::string& to, std::string_view bytes, bool tombstone)
{
    if (tombstone) to += "(null)";
    else if (bytes.empty()) to += "\"\"";
    else append_escaped(to, bytes);
}

std::string brief(std::string_view bytes)
{
    constexpr std::size_t most = 60;
    auto text = corostream::escape(bytes.substr(0, most));
    if (bytes.size() > most) text += "... (" + std::to_string(bytes.size()) + " bytes)";
    return text;
}

} // namespace support
