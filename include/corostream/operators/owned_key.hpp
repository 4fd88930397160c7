#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

namespace corostream {

/// A key that is only a view of characters is owned as a `std::string`; any other key as itself.
template <class Key>
using owned_key = std::conditional_t<std::convertible_to<const Key&, std::string_view>, std::string,
    std::remove_cvref_t<Key>>;

} // namespace corostream
