#pragma once

#include <corostream/core/detail/key_hash.hpp>

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace corostream::detail {

/// A value a key, in numbered slots that keep their number until the key is erased, and are used
/// again after that.
template <class Key, class Value>
class key_slots {
public:
    using number = std::uint32_t;
    static constexpr number none = 0xFFFFFFFF;

    /// The slot of `key`, or `none`. A view as key is not copied.
    template <class Lookup>
    number find(const Lookup& key) const
    {
        const auto at = numbers_.find(wanted<Lookup>{&key, key_hash()(key)});
        return at == numbers_.end() ? none : *at;
    }

    /// The slot of `key`, made with an empty value if it isn't there.
    template <class Lookup>
    number find_or_add(Lookup&& key)
    {
        const auto hash = key_hash()(key);
        const auto at = numbers_.find(wanted<std::remove_cvref_t<Lookup>>{&key, hash});
        if (at != numbers_.end()) return *at;
        auto n = static_cast<number>(slots_->size());
        if (free_.empty()) {
            slots_->push_back({hash, Key(std::forward<Lookup>(key)), Value()});
        } else {
            n = free_.back();
            free_.pop_back();
            (*slots_)[n] = {hash, Key(std::forward<Lookup>(key)), Value()};
        }
        numbers_.insert(n);
        return n;
    }

    void erase(number n)
    {
        numbers_.erase(n);
        (*slots_)[n].value = Value();
        free_.push_back(n);
    }

    const Key& key(number n) const { return (*slots_)[n].key; }
    Value& operator[](number n) { return (*slots_)[n].value; }
    const Value& operator[](number n) const { return (*slots_)[n].value; }

    std::size_t size() const { return numbers_.size(); }
    /// The slots that are in use, in no particular order.
    const auto& numbers() const { return numbers_; }

private:
    struct slot {
        std::size_t hash;
        Key key;
        Value value;
    };
    template <class Lookup>
    struct wanted {
        const Lookup* key;
        std::size_t hash;
    };
    struct hash_of {
        using is_transparent = void;
        using is_avalanching = void;
        const std::vector<slot>* slots;
        std::size_t operator()(number n) const { return (*slots)[n].hash; }
        template <class Lookup>
        std::size_t operator()(const wanted<Lookup>& w) const
        {
            return w.hash;
        }
    };
    struct same {
        using is_transparent = void;
        const std::vector<slot>* slots;
        bool operator()(number a, number b) const { return a == b; }
        template <class Lookup>
        bool operator()(const wanted<Lookup>& w, number n) const
        {
            return w.hash == (*slots)[n].hash && same_key((*slots)[n].key, *w.key);
        }
        template <class Lookup>
        bool operator()(number n, const wanted<Lookup>& w) const
        {
            return (*this)(w, n);
        }
    };

    // its address stays when this is moved
    std::unique_ptr<std::vector<slot>> slots_ = std::make_unique<std::vector<slot>>();
    boost::unordered_flat_set<number, hash_of, same> numbers_{
        0, hash_of{slots_.get()}, same{slots_.get()}};
    std::vector<number> free_;
};

} // namespace corostream::detail
