#pragma once

#include <ranges>
#include <type_traits>

namespace corostream {

/// A range whose elements are its own, so that whoever owns the range may move from them: constness
/// reaches its elements, as in every container. A view, of the standard or of any library, shows
/// what others own: its elements are copied.
template <class Range>
concept owning_range
    = std::ranges::input_range<Range> && std::ranges::input_range<const Range>
   && std::is_lvalue_reference_v<std::ranges::range_reference_t<Range>>
   && !std::is_const_v<std::remove_reference_t<std::ranges::range_reference_t<Range>>>
   && std::is_const_v<std::remove_reference_t<std::ranges::range_reference_t<const Range>>>;

} // namespace corostream
