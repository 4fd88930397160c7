#pragma once

#include <corostream/core/batch.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace corostream::detail {

/// The inputs of a merge by number, and how that makes one numbering of their partitions.
template <std::size_t Count>
struct merge_inputs {
    static constexpr auto count = Count;

    static partition_id renumbered(partition_id p, std::size_t input)
    {
        return static_cast<partition_id>(static_cast<std::size_t>(p) * count + input);
    }
    static std::size_t input_of(partition_id p) { return static_cast<std::size_t>(p) % count; }
    static partition_id own_number(partition_id p)
    {
        return static_cast<partition_id>(static_cast<std::size_t>(p) / count);
    }

    /// Calls `f` with the number of each input as a constant.
    template <class F>
    static void each(F f)
    {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (f(std::integral_constant<std::size_t, I>()), ...);
        }(std::make_index_sequence<count>());
    }
    /// The same for one of them.
    template <class F>
    static void visit(std::size_t which, F f)
    {
        each([&](auto i) {
            if (i == which) f(i);
        });
    }
};

} // namespace corostream::detail
