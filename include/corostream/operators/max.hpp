#pragma once

#include <corostream/operators/detail/extreme.hpp>

#include <functional>
#include <utility>

namespace corostream {

/// Closes a window: the largest `projection(v)` of its elements, by `<`. Yields one
/// `window_result` of a `std::optional` a window, empty if the window is.
///
/// `projection` is called once an element, and may move from it; a view of characters is owned as a
/// `std::string` when it is kept. Of equal values any is kept; what is no number (NaN) counts as
/// larger than all numbers. Holds one value a partition and open window, and keeps their offsets
/// from being committed until then. An exception from `projection` ends the pipeline. Cost: a
/// comparison an element.
template <class Projection = std::identity>
auto max(Projection projection = {})
{
    return detail::extreme_closure<Projection, detail::reverse_order>(std::move(projection));
}

} // namespace corostream
