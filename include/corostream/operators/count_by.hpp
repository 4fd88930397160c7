#pragma once

#include <corostream/operators/detail/projection.hpp>
#include <corostream/operators/reduce_by_key.hpp>

#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

template <class Key>
class count_by_closure : public aggregate_closure<count_by_closure<Key>> {
public:
    explicit count_by_closure(Key key)
        : key_(std::move(key))
    {
    }

    template <class Input>
    auto over() &&
    {
        using input = std::remove_cvref_t<Input>;
        static_assert(std::invocable<Key&, const input&>,
            "corostream: count_by(key): key is not callable with the stream's value_type");
        if constexpr (std::invocable<Key&, const input&>) {
            using lookup = looked_up<Key, input>;
            auto split = [key = std::move(key_)](const input& v) {
                return std::pair<lookup, std::int64_t>(std::invoke(key, v), 1);
            };
            using reduction = keyed_reduction<Input, owned_key<std::remove_cvref_t<lookup>>,
                std::int64_t, decltype(split), std::plus<>>;
            return reduction(std::move(split), {});
        }
    }

private:
    Key key_;
};

} // namespace detail

/// Closes a window: how many elements there were of each `key(v)`. Yields one `window_result` a
/// window, its rows pairs of key and `std::int64_t`, in the order in which the keys were first
/// seen, by partition and offset.
///
/// `key` is a projection, such as a member pointer, called once an element with a const reference;
/// a key that is a view (of a message's value, say) is looked up without a copy and owned only when
/// first seen. Otherwise as `reduce_by_key`.
template <class Key>
auto count_by(Key key)
{
    return detail::count_by_closure<Key>(std::move(key));
}

} // namespace corostream
