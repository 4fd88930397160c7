#include <support/terminal.hpp>

#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace support {

bool is_terminal(int file)
{
    const char* const kind = std::getenv("TERM"); // NOLINT(concurrency-mt-unsafe): nothing sets it
    return ::isatty(file) == 1 && (!kind || std::string_view(kind) != "dumb");
}

terminal_size size_of_terminal(int file)
{
    winsize size{};
    if (::ioctl(file, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
    return {size.ws_col, size.ws_row};
}

} // namespace support
