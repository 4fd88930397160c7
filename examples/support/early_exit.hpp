#pragma once

#include <string>
#include <utility>

namespace support {

/// Thrown to print a text and be done: --help and --version.
class early_exit {
public:
    explicit early_exit(std::string text)
        : text_(std::move(text))
    {
    }

    const std::string& text() const { return text_; }

private:
    std::string text_;
};

} // namespace support
