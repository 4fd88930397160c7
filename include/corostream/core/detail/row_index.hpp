#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace corostream::detail {

/// Finds rows by the hash of their key: an open-addressed table of row numbers, at most a quarter
/// full while it is small, so that the first look nearly always decides (an eighth with a few rows,
/// each of which is asked for often), and at most half full when it is large, since what misses the
/// cache anyway is better small.
///
/// An entry has 32 bits: a row number takes as many as the table's size needs, and in the others
/// are those of the hash that its place does not tell, so a row is looked at only when it is almost
/// surely the right one. The rows keep their hashes; `hash_of(row)` is asked when the table grows,
/// or a row is erased.
class row_index {
public:
    static constexpr std::uint32_t none = 0xFFFFFFFF;

    /// The better half of a hash, which is all that is used.
    using half_hash = std::uint32_t;
    static half_hash half(std::uint64_t hash) { return static_cast<half_hash>(hash >> 32U); }

    bool empty() const { return entries_.empty(); }

    /// The row with this hash for which `same(row)` is true, or `none`.
    template <class Same>
    [[gnu::always_inline]] std::uint32_t find(half_hash hash, Same same) const
    {
        if (entries_.data() == nullptr) [[unlikely]]
            return none;
        const auto entry = entries_[place(hash, same)];
        return entry == none ? none : entry & mask_;
    }

    /// Adds `row`, which `find` has not found; rows are numbered as they are added, and a number
    /// may be used again when it was erased.
    template <class HashOf>
    void add(half_hash hash, std::uint32_t row, HashOf hash_of)
    {
        reserve(std::size_t{row} + 1, hash_of);
        entries_[place(hash, never)] = rest(hash) | row;
    }

    /// Takes `row`, which was added with this hash, out again. What lies behind it moves up, so
    /// that nothing has to be marked (Knuth, TAOCP volume 3, 6.4, algorithm R).
    template <class HashOf>
    void erase(half_hash hash, std::uint32_t row, HashOf hash_of)
    {
        auto gap = place(hash, [row](std::uint32_t r) { return r == row; });
        for (auto at = (gap + 1) & mask_; entries_[at] != none; at = (at + 1) & mask_) {
            const auto home = home_of(hash_of(entries_[at] & mask_));
            if (((at - home) & mask_) < ((at - gap) & mask_)) continue;
            entries_[gap] = entries_[at];
            gap = at;
        }
        entries_[gap] = none;
    }

    /// Makes room for `rows`.
    template <class HashOf>
    void reserve(std::size_t rows, HashOf hash_of)
    {
        if (room_for(rows) > entries_.size()) resize(room_for(rows), hash_of);
    }

    /// Tells the processor that a look-up of this hash comes soon.
    void prefetch(half_hash hash) const
    {
        if (!entries_.empty()) __builtin_prefetch(entries_.data() + home_of(hash));
    }

private:
    static std::size_t room_for(std::size_t rows)
    {
        if (rows <= few) return 8 * rows;
        return rows <= small ? std::max(8 * few, 4 * rows) : std::max(4 * small, 2 * rows);
    }

    static constexpr std::size_t few = 16;       // rows: 512 bytes of entries
    static constexpr std::size_t small = 32'768; // rows: 512 KiB of entries
    static constexpr auto never = [](std::uint32_t) { return false; };

    std::uint32_t home_of(half_hash hash) const
    {
        return static_cast<std::uint32_t>(std::uint64_t{hash} >> (32 - bits_));
    }
    /// What the place of a hash does not tell, where an entry has it.
    std::uint32_t rest(half_hash hash) const
    {
        return static_cast<std::uint32_t>(std::uint64_t{hash} << bits_);
    }

    /// Where the row is, or the free entry where it would be.
    template <class Same>
    [[gnu::always_inline]] std::uint32_t place(half_hash hash, Same same) const
    {
        const auto* entries = entries_.data();
        const auto wanted = rest(hash);
        auto at = home_of(hash);
        for (;; at = (at + 1) & mask_) {
            // with the same rest only the row is left
            const auto row = entries[at] ^ wanted;
            if (entries[at] == none || (row <= mask_ && same(row))) return at;
        }
    }

    template <class HashOf>
    [[gnu::noinline]] void resize(std::size_t least, HashOf hash_of)
    {
        const auto rows = mask_;
        for (bits_ = 4; (std::size_t{1} << bits_) < least;) ++bits_;
        mask_ = static_cast<std::uint32_t>((std::uint64_t{1} << bits_) - 1);
        const auto old = std::exchange(
            entries_, std::vector<std::uint32_t>(std::size_t{1} << bits_, none));
        for (const auto entry : old) {
            if (entry == none) continue;
            const auto row = entry & rows;
            const auto hash = hash_of(row);
            entries_[place(hash, never)] = rest(hash) | row;
        }
    }

    std::vector<std::uint32_t> entries_; // two to the power of bits_
    std::uint32_t mask_ = 0;
    unsigned bits_ = 0; // of a row number, and of a hash those that tell its place
};

} // namespace corostream::detail
