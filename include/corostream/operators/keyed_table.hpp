#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/core/detail/key_hash.hpp>
#include <corostream/core/detail/row_index.hpp>
#include <corostream/core/row_origin.hpp>
#include <corostream/operators/owned_key.hpp>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <functional>
#include <numeric>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace corostream {

namespace detail {

/// What a table keeps of each row: its origin and half of its key's hash.
struct row_tag {
    std::int64_t offset;
    partition_id partition;
    row_index::half_hash hash;
};
static_assert(sizeof(row_tag) == 16);

} // namespace detail

/// One value a key, in the order in which the keys were first seen: a range of `std::pair<Key,
/// Value>`.
///
/// The rows lie in one vector; an index of their numbers finds them, so growing, merging and
/// reading never hash again. A few rows are found without. A row takes 16 bytes besides its key and
/// value, the index 8 to 32 (at 1'000'000 rows: 8.4; at 5 to 16 rows up to 57). Distinct objects:
/// safe. Shared objects: unsafe.
template <class Key, class Value>
class keyed_table {
public:
    using value_type = std::pair<Key, Value>;
    using const_iterator = typename std::vector<value_type>::const_iterator;

    keyed_table() = default;
    keyed_table(keyed_table&&) = default;
    keyed_table& operator=(keyed_table&&) = default;
    keyed_table(const keyed_table&)
        requires std::copy_constructible<value_type>
    = default;
    keyed_table& operator=(const keyed_table&)
        requires std::copy_constructible<value_type>
    = default;
    ~keyed_table() = default;

    const_iterator begin() const { return rows_.begin(); }
    const_iterator end() const { return rows_.end(); }
    std::size_t size() const { return rows_.size(); }
    bool empty() const { return rows_.empty(); }

    /// Where row number `i` was first seen; its time is not kept.
    row_origin origin(std::size_t i) const { return {tags_[i].partition, tags_[i].offset}; }

    /// The value of `key`, or null. Cost: one look-up; a view as key is not copied.
    template <class Lookup>
    const Value* find(const Lookup& key) const
    {
        const auto row = row_of(half_hash_of(key), key);
        return row == detail::row_index::none ? nullptr : &rows_[row].second;
    }

    /// Makes room for `count` keys.
    void reserve(std::size_t count)
    {
        rows_.reserve(count);
        tags_.reserve(count);
        if (count > few) index_rows(count);
    }

    /// Adds `value` to the value of `key` by `op(old, value)`, or starts the key with it. The key
    /// is owned only then. Elements come in order of origin; if not, use `merge_row`.
    template <class Lookup, class Op>
    [[gnu::always_inline]] void reduce(
        Lookup&& key, Value&& value, Op& op, const row_origin& origin)
    {
        const auto hash = half_hash_of(key);
        const auto row = row_of(hash, key);
        if (row != detail::row_index::none) [[likely]]
            reduce_row(row, std::move(value), op);
        else
            add<Lookup>(std::forward<Lookup>(key), std::move(value),
                {origin.offset, origin.partition, hash});
    }

    /// The same for what comes in any order: the row keeps the smaller origin.
    template <class Lookup, class Op>
    void merge_row(Lookup&& key, Value&& value, Op& op, const row_origin& origin)
    {
        merge_tagged(std::forward<Lookup>(key), std::move(value), op,
            {origin.offset, origin.partition, half_hash_of(key)});
    }

    /// The value of `key`, which starts as `Value()`, to be changed in place; origins come in any
    /// order. Valid until the next row.
    template <class Lookup>
    Value& slot(Lookup&& key, const row_origin& origin)
    {
        const tag t{origin.offset, origin.partition, half_hash_of(key)};
        const auto row = row_of(t.hash, key);
        if (row != detail::row_index::none) [[likely]] {
            lower_origin(row, t);
            return rows_[row].second;
        }
        add<Lookup>(std::forward<Lookup>(key), Value(), t);
        return rows_.back().second;
    }

    /// Adds all rows of `other` behind or into the rows of this one; a row keeps the smaller
    /// origin. `op` is associative and commutative.
    template <class Op>
    void merge(keyed_table&& other, Op& op)
    {
        if (other.empty()) return;
        // the later rows go behind the earlier ones, so that nothing has to be sorted
        if (empty() || before(other.tags_.front(), tags_.front())) std::swap(*this, other);
        constexpr std::size_t ahead = 16; // look-ups whose memory is on its way
        for (std::size_t i = 0; i < other.size(); ++i) {
            if (i + ahead < other.size()) index_.prefetch(other.tags_[i + ahead].hash);
            auto& [key, value] = other.rows_[i];
            merge_tagged(std::move(key), std::move(value), op, other.tags_[i]);
        }
    }

    /// Brings the rows into order of origin, if merging has left them in another. Cost: none if
    /// they are in order, else a sort.
    void sort_rows()
    {
        if (in_order_) return;
        std::vector<std::uint32_t> order(size());
        std::iota(order.begin(), order.end(), 0U);
        std::sort(order.begin(), order.end(), [this](auto a, auto b) {
            return before(tags_[a], tags_[b]) || (!before(tags_[b], tags_[a]) && a < b);
        });
        keyed_table sorted;
        sorted.reserve(size());
        for (const auto row : order) {
            if (!index_.empty())
                sorted.index_.add(
                    tags_[row].hash, static_cast<std::uint32_t>(sorted.size()), sorted.hash_of());
            sorted.rows_.push_back(std::move(rows_[row]));
            sorted.tags_.push_back(tags_[row]);
        }
        *this = std::move(sorted);
    }

    /// The same rows with `f(value)` in place of each value.
    template <class F>
    auto transform(F f) &&
    {
        keyed_table<Key, std::remove_cvref_t<std::invoke_result_t<F&, Value>>> made;
        made.rows_.reserve(size());
        for (auto& [key, value] : rows_)
            made.rows_.emplace_back(std::move(key), std::invoke(f, std::move(value)));
        made.tags_ = std::move(tags_);
        made.index_ = std::move(index_);
        made.in_order_ = in_order_;
        return made;
    }

    /// The rows as a vector.
    std::vector<value_type> rows() && { return std::move(rows_); }

private:
    template <class K, class V>
    friend class keyed_table;

    using tag = detail::row_tag;

    static bool before(const tag& a, const tag& b)
    {
        return std::tie(a.partition, a.offset) < std::tie(b.partition, b.offset);
    }

    template <class Lookup>
    [[gnu::always_inline]] static auto half_hash_of(const Lookup& key)
    {
        return detail::row_index::half(detail::key_hash()(key));
    }

    auto hash_of() const
    {
        return [this](std::uint32_t row) { return tags_[row].hash; };
    }

    template <class Lookup>
    [[gnu::always_inline]] std::uint32_t row_of(
        detail::row_index::half_hash hash, const Lookup& key) const
    {
        const auto same = [&](std::uint32_t r) { return detail::same_key(rows_[r].first, key); };
        if (index_.empty()) [[unlikely]]
            return scan(hash, same);
        return index_.find(hash, same);
    }

    /// The same for a few rows, which need no index.
    template <class Same>
    [[gnu::noinline]] std::uint32_t scan(detail::row_index::half_hash hash, Same same) const
    {
        for (std::uint32_t row = 0; row < tags_.size(); ++row)
            if (tags_[row].hash == hash && same(row)) return row;
        return detail::row_index::none;
    }

    template <class Op>
    [[gnu::always_inline]] void reduce_row(std::uint32_t row, Value&& value, Op& op)
    {
        auto& old = rows_[row].second;
        old = static_cast<Value>(std::invoke(op, std::move(old), std::move(value)));
    }

    template <class Lookup, class Op>
    void merge_tagged(Lookup&& key, Value&& value, Op& op, const tag& t)
    {
        const auto row = row_of(t.hash, key);
        if (row == detail::row_index::none) {
            add<Lookup>(std::forward<Lookup>(key), std::move(value), t);
        } else {
            reduce_row(row, std::move(value), op);
            lower_origin(row, t);
        }
    }

    void lower_origin(std::uint32_t row, const tag& t)
    {
        if (!before(t, tags_[row])) return;
        tags_[row] = t;
        if (row > 0 && before(t, tags_[row - 1])) in_order_ = false;
    }

    /// A new row. Out of line and by value: it is rare, and the loop around `reduce` is to keep its
    /// variables in registers.
    template <class Lookup>
    [[gnu::noinline]] void add(Lookup key, Value value, tag t)
    {
        const auto row = static_cast<std::uint32_t>(rows_.size());
        if (row > 0 && before(t, tags_.back())) in_order_ = false;
        rows_.emplace_back(std::piecewise_construct,
            std::forward_as_tuple(std::forward<Lookup>(key)),
            std::forward_as_tuple(std::move(value)));
        tags_.push_back(t);
        if (!index_.empty()) index_.add(t.hash, row, hash_of());
        else if (row == few) index_rows(few + 1);
    }

    /// From now on rows are found by the index, with room for `count` of them.
    void index_rows(std::size_t count)
    {
        const bool is_new = index_.empty();
        index_.reserve(count, hash_of());
        if (is_new)
            for (std::uint32_t row = 0; row < tags_.size(); ++row)
                index_.add(tags_[row].hash, row, hash_of());
    }

    static constexpr std::uint32_t few = 4; // rows without an index

    std::vector<value_type> rows_;
    std::vector<tag> tags_; // of each row
    detail::row_index index_;
    bool in_order_ = true; // of origin
};

} // namespace corostream
