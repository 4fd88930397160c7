#pragma once

#include <corostream/operators/detail/aggregate_closure.hpp>
#include <corostream/operators/keyed_table.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

/// The aggregate behind the keyed operators: `split(v)` makes a pair of key and value, `op` adds
/// values up.
template <class Input, class Key, class Value, class Split, class Op>
class keyed_reduction {
public:
    using share = keyed_table<Key, Value>;
    using result = share;
    using key_type = Key;
    using part = Value;

    keyed_reduction(Split split, Op op)
        : split_(std::move(split))
        , op_(std::move(op))
    {
    }

    [[gnu::always_inline]] void add(share& into, Input&& v, const row_origin& origin)
    {
        auto&& [key, value] = std::invoke(split_, std::forward<Input>(v));
        into.reduce(std::forward<decltype(key)>(key), Value(std::move(value)), op_, origin);
    }
    void merge(share& into, share&& from) { into.merge(std::move(from), op_); }
    static result finish(share&& s)
    {
        s.sort_rows();
        return std::move(s);
    }
    static std::size_t size(const share& s) { return s.size(); }
    static void reserve(share& s, std::size_t keys) { s.reserve(keys); }

    /// The key alone, to look it up.
    auto key_of(const std::remove_cvref_t<Input>& v)
    {
        auto&& [key, value] = std::invoke(split_, v);
        return key;
    }
    auto split(Input&& v)
    {
        auto&& [key, value] = std::invoke(split_, std::forward<Input>(v));
        return std::pair<decltype(key), Value>(
            std::forward<decltype(key)>(key), std::forward<decltype(value)>(value));
    }
    static part begin(Value&& x, const row_origin&) { return std::move(x); }
    void extend(part& into, Value&& x, const row_origin&) { merge_part(into, std::move(x)); }
    void merge_part(part& into, part&& from)
    {
        into = static_cast<Value>(std::invoke(op_, std::move(into), std::move(from)));
    }
    template <class Lookup>
    void append(share& rows, Lookup&& key, part&& of, const row_origin& origin)
    {
        rows.merge_row(std::forward<Lookup>(key), std::move(of), op_, origin);
    }

private:
    [[no_unique_address]] Split split_;
    [[no_unique_address]] Op op_;
};

template <class T>
concept pair_like = requires { std::tuple_size<T>::value; } && std::tuple_size_v<T> == 2;

struct as_pair {
    template <class Pair>
    Pair&& operator()(Pair&& p) const
    {
        return std::forward<Pair>(p);
    }
};

template <class Op>
class reduce_by_key_closure : public aggregate_closure<reduce_by_key_closure<Op>> {
public:
    explicit reduce_by_key_closure(Op op)
        : op_(std::move(op))
    {
    }

    template <class Input>
    auto over() &&
    {
        using input = std::remove_cvref_t<Input>;
        static_assert(pair_like<input>,
            "corostream: reduce_by_key(f): the stream's value_type is not a pair of key and "
            "value; map to one first");
        if constexpr (pair_like<input>) {
            using key = owned_key<std::tuple_element_t<0, input>>;
            using value = std::remove_cvref_t<std::tuple_element_t<1, input>>;
            constexpr bool reduces = std::is_invocable_r_v<value, Op&, value, value>;
            static_assert(
                reduces, "corostream: reduce_by_key(f): f does not make one value of two values");
            if constexpr (reduces)
                return keyed_reduction<Input, key, value, as_pair, Op>({}, std::move(op_));
        }
    }

private:
    Op op_;
};

} // namespace detail

/// Closes a window over pairs of key and value: for each key, its values made one by `op(value,
/// value)`. Yields one `window_result` a window, its rows in the order in which the keys were first
/// seen, by partition and offset.
///
/// `op` must be associative and commutative, as addition is: each partition is reduced on its own,
/// and the partitions are merged when the window fires. A key that is a view is looked up without a
/// copy and owned only when first seen. Holds one value a key, partition and open window, never the
/// elements, and keeps their offsets from being committed until then. An exception from `op` ends
/// the pipeline. Cost: one hash look-up an element; the table is reserved to the last window's
/// size.
template <class Op>
auto reduce_by_key(Op op)
{
    return detail::reduce_by_key_closure<Op>(std::move(op));
}

} // namespace corostream
