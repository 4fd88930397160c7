#pragma once

#include <corostream/operators/detail/aggregate_closure.hpp>
#include <corostream/operators/detail/nested.hpp>
#include <corostream/operators/detail/projection.hpp>
#include <corostream/operators/keyed_table.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>

namespace corostream {

namespace detail {

/// An aggregate for each key: a table of the inner one's shares.
template <class Input, class Key, class Inner>
class keyed_aggregate {
    using lookup = looked_up<Key, Input>;
    using inner_share = typename Inner::share;
    using row_result
        = decltype(detail::finish_nonempty(std::declval<Inner&>(), std::declval<inner_share>()));

public:
    using key_type = owned_key<std::remove_cvref_t<lookup>>;
    using share = keyed_table<key_type, inner_share>;
    using result = keyed_table<key_type, row_result>;
    using part = inner_share;

    keyed_aggregate(Key key, Inner inner)
        : key_(std::move(key))
        , inner_(std::move(inner))
    {
    }

    void add(share& into, Input&& v, const row_origin& origin)
    {
        auto& row = into.slot(key_of(v), origin); // owns the key before the element is moved from
        inner_.add(row, std::forward<Input>(v), origin);
    }
    void merge(share& into, share&& from)
    {
        auto op = merging();
        into.merge(std::move(from), op);
    }
    result finish(share&& s)
    {
        s.sort_rows();
        return std::move(s).transform(
            [this](part&& p) { return detail::finish_nonempty(inner_, std::move(p)); });
    }
    static std::size_t size(const share& s) { return s.size(); }
    static void reserve(share& s, std::size_t keys) { s.reserve(keys); }

    lookup key_of(const std::remove_cvref_t<Input>& v) { return std::invoke(key_, v); }
    auto split(Input&& v)
    {
        return std::pair<lookup, Input&&>(key_of(v), std::forward<Input>(v));
    }
    part begin(Input&& v, const row_origin& origin)
    {
        part made{};
        inner_.add(made, std::forward<Input>(v), origin);
        return made;
    }
    void extend(part& into, Input&& v, const row_origin& origin)
    {
        inner_.add(into, std::forward<Input>(v), origin);
    }
    void merge_part(part& into, part&& from) { inner_.merge(into, std::move(from)); }
    template <class Lookup>
    void append(share& rows, Lookup&& key, part&& of, const row_origin& origin)
    {
        auto op = merging();
        rows.merge_row(std::forward<Lookup>(key), std::move(of), op, origin);
    }

private:
    auto merging()
    {
        return [this](part&& into, part&& from) {
            inner_.merge(into, std::move(from));
            return std::move(into);
        };
    }

    [[no_unique_address]] Key key_;
    [[no_unique_address]] Inner inner_;
};

template <class Key, class Inner>
class by_key_closure : public aggregate_closure<by_key_closure<Key, Inner>> {
public:
    by_key_closure(Key key, Inner inner)
        : key_(std::move(key))
        , inner_(std::move(inner))
    {
    }

    template <class Input>
    auto over() &&
    {
        constexpr bool projects = std::invocable<Key&, const std::remove_cvref_t<Input>&>;
        static_assert(projects,
            "corostream: by_key(key, aggregate): key is not callable with the stream's value_type");
        static_assert(is_aggregate<Inner>,
            "corostream: by_key(key, aggregate): the second is not an aggregate such as count() or "
            "max(f)");
        if constexpr (projects && is_aggregate<Inner>) {
            using inner = made_over<Inner, Input>;
            static_assert(!is_keyed<inner>,
                "corostream: by_key(key, aggregate): the aggregate has keys of its own; make one "
                "key of both, such as a std::pair");
            if constexpr (!is_keyed<inner>)
                return keyed_aggregate<Input, Key, inner>(
                    std::move(key_), std::move(inner_).template over<Input>());
        }
    }

private:
    Key key_;
    Inner inner_;
};

} // namespace detail

/// Closes a window: what `aggregate` makes of the elements of each `key(v)`, as in
/// `by_key(&phone::brand, max(&phone::price))`. Yields one `window_result` a window, its rows pairs
/// of key and the aggregate's result, in the order in which the keys were first seen, by partition
/// and offset. A result that may be missing only since a window may be empty is there for each key:
/// a row has the value and not a `std::optional`.
///
/// `aggregate` is any without keys of its own; several at once are `together(...)`. `key` is called
/// once an element with a const reference; a key that is a view is looked up without a copy and
/// owned only when first seen. Holds what the aggregate holds a key, partition and open window, and
/// keeps their offsets from being committed until then. An exception from `key` ends the pipeline.
/// Cost: one hash look-up an element, besides the aggregate's.
template <class Key, class Aggregate>
auto by_key(Key key, Aggregate aggregate)
{
    return detail::by_key_closure<Key, Aggregate>(std::move(key), std::move(aggregate));
}

} // namespace corostream
