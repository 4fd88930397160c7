#pragma once

#include <support/output.hpp>

#include <string>
#include <string_view>

namespace support {

/// A few lines at the bottom of a terminal that are drawn again in place, while other lines scroll
/// by above.
class live_text {
public:
    /// `out` is a terminal.
    explicit live_text(output& out)
        : out_(&out)
    {
    }

    /// Replaces the lines by `lines`, each ended by a newline and no wider than the terminal.
    void draw(std::string lines);

    /// Prints one line above them.
    void print_above(std::string_view line);

private:
    std::string erase() const;

    output* out_;
    std::string lines_;
};

} // namespace support
