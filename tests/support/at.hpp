#pragma once

#include <corostream/core/time.hpp>

/// Moments are written as durations after the epoch.
inline corostream::time_point at(corostream::duration since_epoch)
{
    return corostream::time_point(since_epoch);
}
