#pragma once

#include <corostream/core/detail/key_hash.hpp>
#include <corostream/core/detail/row_index.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace corostream::detail {

/// A value a key, in numbered slots that keep their number until the key is erased, and are used
/// again after that. Cost: one look-up; 4 bytes a slot besides key and value, and its index.
template <class Key, class Value>
class key_slots {
public:
    using number = std::uint32_t;
    static constexpr number none = row_index::none;

    /// The slot of `key`, or `none`. A view as key is not copied.
    template <class Lookup>
    number find(const Lookup& key) const
    {
        return find(row_index::half(key_hash()(key)), key);
    }

    /// The slot of `key`, made with an empty value if it isn't there.
    template <class Lookup>
    number find_or_add(Lookup&& key)
    {
        const auto hash = row_index::half(key_hash()(key));
        const auto n = find(hash, key);
        return n != none ? n : add<Lookup>(hash, std::forward<Lookup>(key));
    }

    void erase(number n)
    {
        auto& s = slots_[n];
        index_.erase(s.hash, n, hash_of());
        s = {};
        used_[n] = false;
        free_.push_back(n);
    }

    const Key& key(number n) const { return slots_[n].key; }
    Value& operator[](number n) { return slots_[n].value; }
    const Value& operator[](number n) const { return slots_[n].value; }

    std::size_t size() const { return slots_.size() - free_.size(); }
    bool contains(number n) const { return n < slots_.size() && used_[n]; }
    /// The slots that are in use.
    std::vector<number> numbers() const
    {
        std::vector<number> used;
        for (number n = 0; n < slots_.size(); ++n)
            if (used_[n]) used.push_back(n);
        return used;
    }

private:
    struct slot {
        [[no_unique_address]] Value value{}; // so that the hash finds room in its padding
        row_index::half_hash hash = 0;
        Key key{};
    };

    auto hash_of() const
    {
        return [this](number n) { return slots_[n].hash; };
    }

    template <class Lookup>
    number find(row_index::half_hash hash, const Lookup& key) const
    {
        return index_.find(hash, [&](number n) { return same_key(slots_[n].key, key); });
    }

    /// Out of line: it is rare.
    template <class Lookup>
    [[gnu::noinline]] number add(row_index::half_hash hash, Lookup&& key)
    {
        auto n = static_cast<number>(slots_.size());
        if (free_.empty()) {
            slots_.emplace_back();
            used_.push_back(false);
        } else {
            n = free_.back();
            free_.pop_back();
        }
        auto& s = slots_[n];
        s.hash = hash;
        used_[n] = true;
        s.key = Key(std::forward<Lookup>(key));
        index_.add(hash, n, hash_of());
        return n;
    }

    std::vector<slot> slots_;
    std::vector<bool> used_;
    std::vector<number> free_;
    row_index index_;
};

} // namespace corostream::detail
