#pragma once

#include <support/live_text.hpp>

#include <string>
#include <string_view>

namespace support {

/// What the program has to say besides its results: on standard error, a line each, "phone_count:
/// ...".
class diagnostics {
public:
    explicit diagnostics(std::string program)
        : program_(std::move(program))
    {
    }

    /// Says `text`, which is one line and safe to print, after the program's name.
    void say(std::string_view text) { print(program_ + ": " + std::string(text)); }

    /// Prints a line as it is.
    void print(const std::string& line);

    /// From now on lines go above `live`, if they would go to its terminal anyway; null ends that.
    void show_above(live_text* live) { live_ = live; }

private:
    std::string program_;
    live_text* live_ = nullptr;
};

} // namespace support
