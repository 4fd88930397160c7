#include <support/diagnostics.hpp>
#include <support/terminal.hpp>

#include <unistd.h>

namespace support {

void diagnostics::print(const std::string& line)
{
    if (live_ && is_terminal(STDERR_FILENO)) live_->print_above(line);
    else write_fully(STDERR_FILENO, line + '\n'); // when this fails there is nobody left to tell
}

} // namespace support
