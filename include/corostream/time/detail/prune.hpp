#pragma once

#include <cstddef>
#include <vector> // erase_if

namespace corostream::detail {

/// Erases the void ones of `entries` when there are `at_size`, which becomes twice what is left: to
/// be called before one is added. Cost: O(1) amortised an entry.
template <class Entries, class IsVoid>
void prune(Entries& entries, std::size_t& at_size, IsVoid is_void)
{
    if (entries.size() < at_size) return;
    erase_if(entries, is_void);
    at_size = 2 * entries.size() + 16;
}

} // namespace corostream::detail
