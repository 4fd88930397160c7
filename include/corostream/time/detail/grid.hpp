#pragma once

#include <corostream/core/time.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace corostream::detail {

/// How the windows of a kind share their panes.
enum class overlap : unsigned char {
    none,    ///< a window is a pane
    sliding, ///< a window begins later than the one before, and keeps what both have
    growing, ///< a window has what the one before has, and more, until they begin anew
    endless, ///< the same, and they never begin anew: told again when there is something new
};

/// Moments a fixed step apart, aligned to the epoch plus an offset; also before the epoch.
struct grid {
    duration step;
    duration offset{};

    /// The last of them at or before `time`.
    constexpr time_point floor(time_point time) const
    {
        const auto since = time.time_since_epoch() - offset;
        auto into = since % step;
        if (into < duration::zero()) into += step;
        return time - into;
    }
    /// The first of them after `time`.
    constexpr time_point after(time_point time) const { return floor(time) + step; }
};

/// A moment as a number that wraps around below zero, so that one comparison checks both bounds.
inline std::uint64_t count_of(time_point time)
{
    return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

inline std::string microseconds_text(duration d) { return std::to_string(d.count()) + " us"; }

/// Throws `std::invalid_argument` unless `d` is positive and no more than 1000 years, so that the
/// end of a window can be told.
inline void require_positive(std::string_view what, duration d)
{
    const auto text = "window: the " + std::string(what) + ' ' + microseconds_text(d);
    if (d <= duration::zero()) throw std::invalid_argument(text + " is not positive");
    if (d > std::chrono::years(1000))
        throw std::invalid_argument(text + " is more than 1000 years");
}

/// Throws `std::invalid_argument` unless `offset` is less than `size` in magnitude.
inline void require_offset(duration offset, std::string_view what, duration size)
{
    if (offset <= -size || offset >= size)
        throw std::invalid_argument("window: the offset " + microseconds_text(offset)
                                    + " is not smaller than the " + std::string(what) + ' '
                                    + microseconds_text(size));
}

} // namespace corostream::detail
