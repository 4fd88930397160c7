#pragma once

#include <cstddef>
#include <vector>

namespace corostream::detail {

/// Makes room for one more at the end of `all`, of which those before `begin` are needed no more.
/// They go if they are enough to make it, which is returned; else there is a quarter more room: to
/// be small counts here, and the others are moved a few times each at most. Cost: O(1) amortised.
template <class T>
bool make_room(std::vector<T>& all, std::size_t begin)
{
    if (all.size() < all.capacity()) return false;
    if (begin > 0 && 4 * begin >= all.size() - begin) {
        all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(begin));
        return true;
    }
    all.reserve(all.size() + all.size() / 4 + 1);
    return false;
}

} // namespace corostream::detail
