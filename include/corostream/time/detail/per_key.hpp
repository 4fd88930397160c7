#pragma once

#include <corostream/core/row_origin.hpp>
#include <corostream/time/detail/held.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace corostream::detail {

/// The key of an aggregate that has none.
struct no_key {
    friend bool operator==(const no_key&, const no_key&) { return true; }
    friend std::size_t hash_value(const no_key&) { return 0; }
};

template <class Aggregate>
concept has_parts = requires {
    typename Aggregate::key_type;
    typename Aggregate::part;
};

/// An aggregate as windows that are cut a key see it: what one key has is added to on its own, and
/// becomes a row when its window is emitted. One without keys has a single key.
template <class Aggregate>
struct per_key {
    using key_type = no_key;
    using part = typename Aggregate::share;

    template <class Input>
    static no_key key_of(Aggregate&, const Input&)
    {
        return {};
    }
    template <class Input, class Use>
    static void split(Aggregate&, Input&& v, Use use)
    {
        use(no_key(), std::forward<Input>(v));
    }
    template <class X>
    static part begin(Aggregate& a, X&& x, const row_origin& origin)
    {
        part of{};
        a.add(of, std::forward<X>(x), origin);
        return of;
    }
    template <class X>
    static void extend(Aggregate& a, part& into, X&& x, const row_origin& origin)
    {
        a.add(into, std::forward<X>(x), origin);
    }
    static void merge(Aggregate& a, part& into, part&& from) { a.merge(into, std::move(from)); }
    template <class Key>
    static void append(
        Aggregate& a, typename Aggregate::share& rows, Key&&, part&& of, const row_origin&)
    {
        a.merge(rows, std::move(of));
    }
};

template <has_parts Aggregate>
struct per_key<Aggregate> {
    using key_type = typename Aggregate::key_type;
    using part = typename Aggregate::part;

    template <class Input>
    static auto key_of(Aggregate& a, const Input& v)
    {
        return a.key_of(v);
    }
    template <class Input, class Use>
    static void split(Aggregate& a, Input&& v, Use use)
    {
        auto&& [key, x] = a.split(std::forward<Input>(v));
        use(std::forward<decltype(key)>(key), std::forward<decltype(x)>(x));
    }
    template <class X>
    static part begin(Aggregate& a, X&& x, const row_origin& origin)
    {
        return a.begin(std::forward<X>(x), origin);
    }
    template <class X>
    static void extend(Aggregate& a, part& into, X&& x, const row_origin& origin)
    {
        a.extend(into, std::forward<X>(x), origin);
    }
    static void merge(Aggregate& a, part& into, part&& from)
    {
        a.merge_part(into, std::move(from));
    }
    template <class Key>
    static void append(
        Aggregate& a, typename Aggregate::share& rows, Key&& key, part&& of,
        const row_origin& origin)
    {
        a.append(rows, std::forward<Key>(key), std::move(of), origin);
    }
};

/// What one key has of a window in one partition, or of a piece of one.
template <class Aggregate>
struct piece {
    using keys = per_key<Aggregate>;

    std::optional<typename keys::part> value;
    std::int64_t first_offset = std::numeric_limits<std::int64_t>::max();
    time_point first_time = never;

    template <class X>
    void add(Aggregate& a, X&& x, const row_origin& origin)
    {
        if (value) keys::extend(a, *value, std::forward<X>(x), origin);
        else value.emplace(keys::begin(a, std::forward<X>(x), origin));
        first_offset = std::min(first_offset, origin.offset);
        first_time = std::min(first_time, origin.time);
    }
};

/// Makes pieces one, as `sliding_shares` wants it.
template <class Aggregate>
struct piece_merger {
    Aggregate* aggregate;

    void merge(piece<Aggregate>& into, piece<Aggregate>&& from)
    {
        if (!into.value) into.value = std::move(from.value);
        else if (from.value)
            per_key<Aggregate>::merge(*aggregate, *into.value, std::move(*from.value));
        into.first_offset = std::min(into.first_offset, from.first_offset);
        into.first_time = std::min(into.first_time, from.first_time);
    }
};

} // namespace corostream::detail
