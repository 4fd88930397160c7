#pragma once

#include <corostream/core/time.hpp>
#include <corostream/time/time_counts.hpp>

namespace corostream::detail {

/// What a user may ask of windows of any kind.
struct window_options {
    bool emit_empty = false;
    duration allowed{};            ///< how late an element may be for a window that is out
    duration early = duration::max(); ///< how often to tell what a window has so far
    time_counts* counts = nullptr;
};

} // namespace corostream::detail
