#pragma once

#include <type_traits>
#include <utility>

namespace corostream {

/// A stream cut into windows, not yet a stream again: an aggregate makes it one. Until then the
/// element-wise operators go below the window, since the time that decides the window rides beside
/// an element and not in it.
///
/// `Window` says how the stream is cut; its `close(upstream, aggregate)` yields the stage.
template <class Up, class Window>
class windowed {
public:
    using value_type = typename Up::value_type;

    windowed(Up up, Window window)
        : up_(std::move(up))
        , window_(std::move(window))
    {
    }

    /// Slides an element-wise operator below the window.
    template <class Closure>
    auto below(Closure closure) &&
    {
        auto up = std::move(closure)(std::move(up_));
        return windowed<decltype(up), Window>(std::move(up), std::move(window_));
    }

    /// Closes the windows with an aggregate; yields a stage whose elements are one result a window.
    template <class Aggregate>
    auto close(Aggregate aggregate) &&
    {
        return std::move(window_).close(std::move(up_), std::move(aggregate));
    }

    /// Does not compile: a window has no results until an aggregate closes it.
    template <bool Closed = false>
    auto next()
    {
        static_assert(Closed,
            "corostream: close the window with an aggregate first, as in stream | window(4s) | "
            "count()");
    }

private:
    Up up_;
    Window window_;
};

template <class T>
inline constexpr bool is_windowed = false;
template <class Up, class Window>
inline constexpr bool is_windowed<windowed<Up, Window>> = true;

} // namespace corostream
