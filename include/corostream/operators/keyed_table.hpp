#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/operators/detail/key_hash.hpp>
#include <corostream/operators/detail/row_index.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace corostream {

/// A key that is only a view of characters is owned as a `std::string`; any other key as itself.
template <class Key>
using owned_key = std::conditional_t<std::convertible_to<const Key&, std::string_view>, std::string,
    std::remove_cvref_t<Key>>;

/// Where a row of a result was first seen.
struct row_origin {
    partition_id partition;
    std::int64_t offset;
};

/// One value a key, in the order in which the keys were first seen: a range of `std::pair<Key,
/// Value>`.
///
/// The rows lie in one vector; an index of their numbers finds them, so growing, merging and
/// reading never hash again and no sort is needed. Distinct objects: safe. Shared objects: unsafe.
template <class Key, class Value>
class keyed_table {
public:
    using value_type = std::pair<Key, Value>;
    using const_iterator = typename std::vector<value_type>::const_iterator;

    const_iterator begin() const { return rows_.begin(); }
    const_iterator end() const { return rows_.end(); }
    std::size_t size() const { return rows_.size(); }
    bool empty() const { return rows_.empty(); }

    /// Where row number `i` was first seen.
    row_origin origin(std::size_t i) const { return {tags_[i].partition, tags_[i].offset}; }

    /// The value of `key`, or null. Cost: one look-up; a view as key is not copied.
    template <class Lookup>
    const Value* find(const Lookup& key) const
    {
        return value_of(*this, detail::row_index::half(detail::key_hash()(key)), key);
    }

    /// Makes room for `count` keys.
    void reserve(std::size_t count)
    {
        rows_.reserve(count);
        tags_.reserve(count);
        index_.reserve(count);
    }

    /// Adds `value` to the value of `key` by `op(old, value)`, or starts the key with it. The key
    /// is owned only then.
    template <class Lookup, class Op>
    [[gnu::always_inline]] void reduce(
        Lookup&& key, Value&& value, Op& op, const row_origin& origin)
    {
        const auto hash = detail::row_index::half(detail::key_hash()(key));
        reduce_hashed(std::forward<Lookup>(key), std::move(value), op,
            {origin.offset, origin.partition, hash});
    }

    /// Adds all rows of `other` behind or into the rows of this one. `op` is associative and
    /// commutative.
    template <class Op>
    void merge(keyed_table&& other, Op& op)
    {
        constexpr std::size_t ahead = 16; // look-ups whose memory is on its way
        for (std::size_t i = 0; i < other.size(); ++i) {
            if (i + ahead < other.size()) index_.prefetch(other.tags_[i + ahead].hash);
            auto& [key, value] = other.rows_[i];
            reduce_hashed(std::move(key), std::move(value), op, other.tags_[i]);
        }
    }

private:
    struct tag {
        std::int64_t offset;
        partition_id partition;
        detail::row_index::half_hash hash;
    };

    template <class Table, class Lookup>
    [[gnu::always_inline]] static auto value_of(
        Table& table, detail::row_index::half_hash hash, const Lookup& key)
    {
        const auto row = table.index_.find(hash,
            [&](std::uint32_t r) { return detail::same_key(table.rows_[r].first, key); });
        return row == detail::row_index::none ? nullptr : &table.rows_[row].second;
    }

    template <class Lookup, class Op>
    [[gnu::always_inline]] void reduce_hashed(Lookup&& key, Value&& value, Op& op, const tag& t)
    {
        if (auto* old = value_of(*this, t.hash, key)) [[likely]]
            *old = static_cast<Value>(std::invoke(op, std::move(*old), std::move(value)));
        else add<Lookup>(std::forward<Lookup>(key), std::move(value), t);
    }

    /// A new row. Out of line and by value: it is rare, and the loop around `reduce` is to keep its
    /// variables in registers.
    template <class Lookup>
    [[gnu::noinline]] void add(Lookup key, Value value, tag t)
    {
        const auto row = static_cast<std::uint32_t>(rows_.size());
        rows_.emplace_back(Key(std::forward<Lookup>(key)), std::move(value));
        tags_.push_back(t);
        index_.add(t.hash, row);
    }

    std::vector<value_type> rows_;
    std::vector<tag> tags_; // of each row
    detail::row_index index_;
};

} // namespace corostream
