#include <support/diagnostics.hpp>
#include <support/terminal.hpp>

#include <unistd.h>

namespace support {

void diagnostics::print(const std::string& line)
{
    if (live_ && is_terminal(STDERR_FILENO)) return live_->print_above(line);
    [[maybe_unused]] const auto nobody_left_to_tell = write_fully(STDERR_FILENO, line + '\n');
}

} // namespace support
