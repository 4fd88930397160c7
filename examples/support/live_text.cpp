#include <support/live_text.hpp>

#include <algorithm>
#include <utility>

namespace support {

void live_text::draw(std::string lines)
{
    const auto erased = erase();
    lines_ = std::move(lines);
    out_->write(erased + lines_);
}

void live_text::print_above(std::string_view line)
{
    out_->write(erase() + std::string(line) + '\n' + lines_);
}

std::string live_text::erase() const
{
    const auto height = std::ranges::count(lines_, '\n');
    if (height == 0) return {};
    return "\x1b[" + std::to_string(height)
         + "A\r\x1b[J"; // up, to the left, clear to the end of the screen
}

} // namespace support
