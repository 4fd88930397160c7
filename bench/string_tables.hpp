#pragma once

// Tables from a string to a value that look a view up without making a string of it.

#include <corostream/core/detail/key_hash.hpp>

#include <boost/container_hash/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

template <class Hash>
struct transparent : Hash {
    using is_transparent = void;
};

template <template <class...> class Map, class Hash, class Value>
using string_table = Map<std::string, Value, transparent<Hash>, std::equal_to<>>;

template <class Value>
using flat_map = string_table<boost::unordered_flat_map, boost::hash<std::string_view>, Value>;
template <class Value>
using flat_map_our_hash
    = string_table<boost::unordered_flat_map, corostream::detail::key_hash, Value>;
template <class Value>
using unordered_map = string_table<std::unordered_map, std::hash<std::string_view>, Value>;
