#pragma once

#include <corostream/core/cursor.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace corostream::detail {

/// Lowers `mine` to what both it and `theirs` are done with: a partition that one of them does not
/// have is left out. Cost: O(partitions) where both have them in the same order, as they do when
/// they are of one source.
inline void lower(cursor& mine, const cursor& theirs)
{
    mine.pump = std::min(mine.pump, theirs.pump);
    std::size_t expected = 0;
    const auto missing = [&](position& at) {
        const auto is_same = [&](const position& other) { return other.partition == at.partition; };
        const auto begin = theirs.positions.begin(), end = theirs.positions.end();
        auto other = std::find_if(begin + static_cast<std::ptrdiff_t>(expected), end, is_same);
        if (other == end) other = std::find_if(begin, end, is_same);
        if (other == end) return true;
        expected = static_cast<std::size_t>(other - begin) + 1;
        auto& watermark = at.resume.watermark;
        if (other->offset < at.offset) watermark = other->resume.watermark;
        else if (other->offset == at.offset) // one may have gone along while it was idle
            watermark = std::min(watermark, other->resume.watermark);
        at.offset = std::min(at.offset, other->offset);
        at.window = std::min(at.window, other->window);
        at.resume.emitted = std::min(at.resume.emitted, other->resume.emitted);
        at.resume.seen = std::min(at.resume.seen, other->resume.seen);
        return false;
    };
    std::erase_if(mine.positions, missing);
}

} // namespace corostream::detail
