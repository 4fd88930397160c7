#pragma once

#include <corostream/operators/detail/by_time.hpp>

#include <functional>
#include <utility>

namespace corostream {

/// Closes a window: `projection(v)` of its earliest element, by event time; of those at one time,
/// that of the smallest partition and offset. So it does not depend on how partitions are read in
/// turn. Yields one `window_result` of a `std::optional` a window, empty if the window is.
///
/// `projection` is called only with an element that is kept for now, and may move from it; a view
/// of characters is owned as a `std::string`. Holds one value a partition and open window, and
/// keeps their offsets from being committed until then. An exception from `projection` ends the
/// pipeline. Cost: a comparison an element.
template <class Projection = std::identity>
auto first(Projection projection = {})
{
    return detail::by_time_closure<Projection, detail::earlier>(std::move(projection));
}

} // namespace corostream
