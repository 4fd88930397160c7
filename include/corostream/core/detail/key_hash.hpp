#pragma once

#include <boost/container_hash/hash.hpp>

#include <concepts>
#include <cstdint>
#include <cstring>
#include <random>
#include <string_view>

namespace corostream::detail {

/// Up to eight bytes as a number; with the length they can be told from it.
[[gnu::always_inline]] inline std::uint64_t load_word(const char* at, std::size_t bytes) noexcept
{
    std::uint64_t word = 0;
    if (bytes == 8) std::memcpy(&word, at, 8); // a constant size: one load
    else if (bytes >= 4) { // two overlapping loads instead of a call for a size known only now
        std::uint32_t low = 0, high = 0;
        std::memcpy(&low, at, 4);
        std::memcpy(&high, at + bytes - 4, 4);
        word = (static_cast<std::uint64_t>(high) << 32U) | low;
    } else if (bytes > 0) {
        const auto byte = [at](std::size_t i) {
            return static_cast<std::uint64_t>(static_cast<unsigned char>(at[i]));
        };
        word = byte(0) | (byte(bytes / 2) << 8U) | (byte(bytes - 1) << 16U);
    }
    return word;
}

/// A hash for keys of many short strings and integers: a 64 x 64 -> 128 bit multiply mixes eight
/// bytes at a time (the construction of wyhash, Wang Yi, https://github.com/wangyi-fudan/wyhash).
/// Every bit of the result is good, which spares the table a second mixing. Seeded once a process,
/// so that keys cannot be chosen to collide.
class key_hash {
public:
    using is_avalanching = void;

    [[gnu::always_inline]] std::size_t operator()(std::string_view s) const noexcept
    {
        std::uint64_t h = seed();
        const char* at = s.data();
        const std::size_t size = s.size();
        if (size <= 8) return static_cast<std::size_t>(mix(h ^ load_word(at, size), second ^ size));
        const char* last = at + size - 8; // overlaps the word before it, which costs no branch
        for (; at < last; at += 8) h = mix(h ^ load_word(at, 8), first);
        return static_cast<std::size_t>(mix(h ^ load_word(last, 8), second ^ size));
    }

    template <std::integral I>
    std::size_t operator()(I i) const noexcept
    {
        return static_cast<std::size_t>(mix(seed() ^ static_cast<std::uint64_t>(i), first));
    }

    template <class T>
        requires(!std::integral<T> && !std::convertible_to<const T&, std::string_view>)
    std::size_t operator()(const T& key) const
    {
        return (*this)(boost::hash<T>()(key));
    }

private:
    static constexpr std::uint64_t first = 0xa0761d6478bd642fULL, second = 0xe7037ed1a0b428dbULL;

    static std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept
    {
        __extension__ using wide = unsigned __int128;
        const auto product = static_cast<wide>(a) * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
    }

    static std::uint64_t seed() noexcept
    {
        static const std::uint64_t value = [] {
            std::random_device entropy;
            return (static_cast<std::uint64_t>(entropy()) << 32U) | entropy() | 1U;
        }();
        return value;
    }
};

/// Whether `bytes` characters are equal, at least as many as `Word` has and at most twice that: two
/// overlapping words.
template <class Word>
[[gnu::always_inline]] inline bool same_words(const char* a, const char* b, std::size_t bytes)
{
    Word a_first, b_first, a_last, b_last;
    std::memcpy(&a_first, a, sizeof(Word));
    std::memcpy(&b_first, b, sizeof(Word));
    std::memcpy(&a_last, a + bytes - sizeof(Word), sizeof(Word));
    std::memcpy(&b_last, b + bytes - sizeof(Word), sizeof(Word));
    return ((a_first ^ b_first) | (a_last ^ b_last)) == 0;
}

/// Whether two keys are equal. Strings are compared in place when they are short: a call to memcmp
/// costs more than that.
template <class A, class B>
[[gnu::always_inline]] inline bool same_key(const A& a, const B& b)
{
    if constexpr (std::convertible_to<const A&, std::string_view>
                  && std::convertible_to<const B&, std::string_view>) {
        const std::string_view x = a, y = b;
        const auto n = x.size();
        if (n != y.size()) return false;
        if (n - 8 <= 8) return same_words<std::uint64_t>(x.data(), y.data(), n);
        if (n - 4 <= 4) return same_words<std::uint32_t>(x.data(), y.data(), n);
        return x == y;
    } else {
        return a == b;
    }
}

} // namespace corostream::detail
