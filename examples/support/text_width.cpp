#include <support/text_width.hpp>

#include <algorithm>
#include <clocale>
#include <cwchar>

namespace support {

namespace {

struct character {
    std::size_t bytes;
    std::size_t columns;
};

character first(std::string_view text)
{
    // NOLINTBEGIN(concurrency-mt-unsafe): there is one thread
    // wcwidth() knows what the locale knows; Debian always has this one.
    static const bool utf8 = std::setlocale(LC_CTYPE, "C.UTF-8");
    wchar_t wide = 0;
    std::mbstate_t state{};
    const auto bytes = utf8 ? std::mbrtowc(&wide, text.data(), text.size(), &state) : 0;
    // NOLINTEND(concurrency-mt-unsafe)
    if (bytes == 0 || bytes > text.size()) return {1, 1};
    return {bytes, static_cast<std::size_t>(std::max(::wcwidth(wide), 0))};
}

} // namespace

std::size_t text_width(std::string_view text)
{
    std::size_t columns = 0;
    while (!text.empty()) {
        const auto c = first(text);
        columns += c.columns;
        text.remove_prefix(c.bytes);
    }
    return columns;
}

std::string fit(std::string_view text, std::size_t columns)
{
    const auto width = text_width(text);
    std::string fitted;
    std::size_t used = 0;
    if (width <= columns) {
        fitted = text;
        used = width;
    } else if (columns > 0) {
        for (auto c = first(text); used + c.columns < columns; c = first(text)) {
            fitted += text.substr(0, c.bytes);
            used += c.columns;
            text.remove_prefix(c.bytes);
        }
        fitted += "…";
        ++used;
    }
    return fitted.append(columns - used, ' ');
}

} // namespace support
