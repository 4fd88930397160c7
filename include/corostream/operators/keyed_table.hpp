#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/operators/detail/key_hash.hpp>

#include <boost/unordered/unordered_flat_set.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace corostream {

/// A key that is only a view of characters is owned as a `std::string`; any other key as itself.
template <class Key>
using owned_key = std::conditional_t<std::convertible_to<const Key&, std::string_view>, std::string, std::remove_cvref_t<Key>>;

/// Where a row of a result was first seen.
struct row_origin {
    partition_id partition;
    std::int64_t offset;
};

/// One value a key, in the order in which the keys were first seen: a range of `std::pair<Key, Value>`.
///
/// The rows lie in one vector; a hash set of their numbers finds them, so merging and reading never hash again and no sort
/// is needed. Distinct objects: safe. Shared objects: unsafe.
template <class Key, class Value>
class keyed_table {
public:
    using value_type = std::pair<Key, Value>;
    using const_iterator = typename std::vector<value_type>::const_iterator;

    const_iterator begin() const { return data_->rows.begin(); }
    const_iterator end() const { return data_->rows.end(); }
    std::size_t size() const { return data_->rows.size(); }
    bool empty() const { return data_->rows.empty(); }

    /// Where row number `i` was first seen.
    row_origin origin(std::size_t i) const { return data_->tags[i].origin; }

    /// The value of `key`, or null. Cost: one look-up; a view as key is not copied.
    template <class Lookup>
    const Value* find(const Lookup& key) const
    {
        const auto at = index_.find(probe<Lookup> { &key, key_hash()(key) });
        return at == index_.end() ? nullptr : &data_->rows[*at].second;
    }

    /// Makes room for `count` keys.
    void reserve(std::size_t count)
    {
        data_->rows.reserve(count);
        data_->tags.reserve(count);
        index_.reserve(count);
    }

    /// Adds `value` to the value of `key` by `op(old, value)`, or starts the key with it. The key is owned only then.
    template <class Lookup, class Op>
    void reduce(Lookup&& key, Value&& value, Op& op, row_origin origin)
    {
        reduce(std::forward<Lookup>(key), key_hash()(key), std::move(value), op, origin);
    }

    /// Adds all rows of `other` behind or into the rows of this one. `op` is associative and commutative.
    template <class Op>
    void merge(keyed_table&& other, Op& op)
    {
        auto& rows = other.data_->rows;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto& from = other.data_->tags[i];
            reduce(std::move(rows[i].first), from.hash, std::move(rows[i].second), op, from.origin);
        }
    }

private:
    using key_hash = detail::key_hash;

    struct tag {
        std::size_t hash;
        row_origin origin;
    };
    struct storage {
        std::vector<value_type> rows;
        std::vector<tag> tags;
    };
    template <class Lookup>
    struct probe {
        const Lookup* key;
        std::size_t hash;
    };
    struct hash_of {
        using is_transparent = void;
        using is_avalanching = void;
        const storage* data;
        std::size_t operator()(std::uint32_t row) const { return data->tags[row].hash; }
        template <class Lookup>
        std::size_t operator()(const probe<Lookup>& p) const
        {
            return p.hash;
        }
    };
    struct same_key {
        using is_transparent = void;
        const storage* data;
        bool operator()(std::uint32_t a, std::uint32_t b) const { return a == b; }
        template <class Lookup>
        bool operator()(const probe<Lookup>& p, std::uint32_t row) const
        {
            return data->rows[row].first == *p.key;
        }
        template <class Lookup>
        bool operator()(std::uint32_t row, const probe<Lookup>& p) const
        {
            return (*this)(p, row);
        }
    };

    template <class Lookup, class Op>
    void reduce(Lookup&& key, std::size_t hash, Value&& value, Op& op, row_origin origin)
    {
        const auto at = index_.find(probe<std::remove_cvref_t<Lookup>> { &key, hash });
        if (at != index_.end()) [[likely]] {
            auto& old = data_->rows[*at].second;
            old = static_cast<Value>(std::invoke(op, std::move(old), std::move(value)));
            return;
        }
        data_->rows.emplace_back(Key(std::forward<Lookup>(key)), std::move(value));
        data_->tags.push_back({ hash, origin });
        index_.insert(static_cast<std::uint32_t>(data_->rows.size() - 1));
    }

    std::unique_ptr<storage> data_ = std::make_unique<storage>(); // its address outlives a move of the table
    boost::unordered_flat_set<std::uint32_t, hash_of, same_key> index_ { 0, hash_of { data_.get() }, same_key { data_.get() } };
};

} // namespace corostream
