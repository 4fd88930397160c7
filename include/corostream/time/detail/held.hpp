#pragma once

#include <corostream/core/cursor.hpp>

#include <compare>
#include <cstdint>

namespace corostream::detail {

/// The first element of a partition that something needs: its offset, and the partition's watermark
/// when it came, by which a restart from there comes to the same verdicts.
struct held {
    std::int64_t offset = nothing_held;
    time_point watermark = time_point::min();

    /// Offsets rise within a partition, and watermarks with them; several elements may have one
    /// offset.
    void include(const held& other)
    {
        if (other < *this) *this = other;
    }
    friend auto operator<=>(const held&, const held&) = default;
};

/// What became of an element.
enum class verdict : unsigned char {
    counted,
    late, ///< all its windows are out
    told, ///< the same, and it was judged before a restart
};

/// One element as a window sees it.
struct moment {
    time_point time;
    time_point watermark; ///< of its partition
    std::int64_t offset;
};

} // namespace corostream::detail
