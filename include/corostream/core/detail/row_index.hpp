#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace corostream::detail {

/// Finds rows by the hash of their key: an open-addressed table of row numbers, at most a quarter
/// full while it is small, so that the first look nearly always decides, and at most half full when
/// it is large, since what misses the cache anyway is better small. Next to a number lies half of
/// the hash, so a row is looked at only when it is almost surely the right one, and growing touches
/// no row.
class row_index {
public:
    static constexpr std::uint32_t none = 0xFFFFFFFF;

    /// The better half of a hash, which is all that is kept.
    using half_hash = std::uint32_t;
    static half_hash half(std::uint64_t hash) { return static_cast<half_hash>(hash >> 32U); }

    bool empty() const { return entries_.empty(); }

    /// The row with this hash for which `same(row)` is true, or `none`.
    template <class Same>
    [[gnu::always_inline]] std::uint32_t find(half_hash hash, Same same) const
    {
        if (entries_.data() == nullptr) [[unlikely]]
            return none;
        return entries_[place(hash, same)].row;
    }

    /// Adds `row`, which `find` has not found; rows are numbered as they are added, and a number
    /// may be used again when it was erased.
    void add(half_hash hash, std::uint32_t row)
    {
        if (room_for(row) >= entries_.size()) resize(room_for(row) + 1);
        entries_[place(hash, never)] = {hash, row};
    }

    /// Takes `row`, which was added with this hash, out again. What lies behind it moves up, so
    /// that nothing has to be marked (Knuth, TAOCP volume 3, 6.4, algorithm R).
    void erase(half_hash hash, std::uint32_t row)
    {
        auto gap = place(hash, [row](std::uint32_t r) { return r == row; });
        for (auto at = (gap + 1) & mask_; entries_[at].row != none; at = (at + 1) & mask_) {
            const auto home = static_cast<std::size_t>(std::uint64_t{entries_[at].hash} >> shift_);
            if (((at - home) & mask_) < ((at - gap) & mask_)) continue;
            entries_[gap] = entries_[at];
            gap = at;
        }
        entries_[gap] = {};
    }

    /// Makes room for `rows`.
    void reserve(std::size_t rows)
    {
        if (room_for(rows) > entries_.size()) resize(room_for(rows));
    }

    /// Tells the processor that a look-up of this hash comes soon.
    void prefetch(half_hash hash) const
    {
        if (!entries_.empty())
            __builtin_prefetch(entries_.data() + (std::uint64_t{hash} >> shift_));
    }

private:
    struct entry {
        half_hash hash = 0;
        std::uint32_t row = none;
    };

    static std::size_t room_for(std::size_t rows) { return rows * (rows <= small ? 4 : 2); }

    static constexpr std::size_t small = 32'768; // rows: 1 MiB of entries
    static constexpr auto never = [](std::uint32_t) { return false; };

    /// Where the row is, or the free entry where it would be.
    template <class Same>
    [[gnu::always_inline]] std::size_t place(half_hash hash, Same same) const
    {
        const auto* entries = entries_.data();
        auto at = static_cast<std::size_t>(std::uint64_t{hash} >> shift_);
        for (;; at = (at + 1) & mask_) {
            const auto& e = entries[at];
            if (e.row == none || (e.hash == hash && same(e.row))) return at;
        }
    }

    void resize(std::size_t least)
    {
        std::size_t size = 16;
        shift_ = 28;
        for (; size < least; size *= 2) --shift_;
        mask_ = size - 1;
        const auto old = std::exchange(entries_, std::vector<entry>(size));
        for (const auto& e : old)
            if (e.row != none) entries_[place(e.hash, never)] = e;
    }

    std::vector<entry> entries_; // a power of two of them
    std::size_t mask_ = 0;
    unsigned shift_ = 32; // what to drop of half a hash to get a place
};

} // namespace corostream::detail
