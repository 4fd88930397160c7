#pragma once

#include <corostream/core/cursor.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace corostream::detail {

/// Lowers `mine` to what both it and `theirs`, of the same partition, are done with.
inline void lower(position& mine, const position& theirs)
{
    auto& watermark = mine.resume.watermark;
    if (theirs.offset < mine.offset) watermark = theirs.resume.watermark;
    else if (theirs.offset == mine.offset) // one may have gone along while it was idle
        watermark = std::min(watermark, theirs.resume.watermark);
    mine.offset = std::min(mine.offset, theirs.offset);
    mine.window = std::min(mine.window, theirs.window);
    mine.resume.emitted = std::min(mine.resume.emitted, theirs.resume.emitted);
    mine.resume.seen = std::min(mine.resume.seen, theirs.resume.seen);
}

/// What a branch of a split has acknowledged. A partition that was taken away is remembered as it
/// was: another branch may not be as far yet.
class branch_cursor {
public:
    const cursor& now() const { return now_; }
    bool is_known() const { return is_known_; }

    /// All that the stream brought until its pump `pump` is done with, up to `positions`.
    void advance(std::uint64_t pump, const std::vector<position>& positions)
    {
        for (std::size_t i = 0; i < now_.positions.size(); ++i) {
            auto& at = now_.positions[i];
            if (find(positions, at.partition, i)) continue;
            std::erase_if(parted_, [&](const auto& p) { return p.partition == at.partition; });
            parted_.push_back(std::move(at));
        }
        now_.pump = pump;
        now_.positions = positions;
        is_known_ = true;
    }

    /// Whether it is not as far as `other`: of two after the same pump, that which still has
    /// partitions of which the other has heard that they were taken away.
    bool is_behind(const branch_cursor& other) const
    {
        if (now_.pump != other.now_.pump) return now_.pump < other.now_.pump;
        return now_.positions.size() > other.now_.positions.size();
    }

    /// How far it is, or was, in a partition; null if it is not as far as to know it.
    const position* of(partition_id p) const
    {
        const auto* at = find(now_.positions, p, static_cast<std::size_t>(p));
        return at ? at : find(parted_, p);
    }

    /// Lowers `to`, of a branch that is no further, to what both are done with. False if that one
    /// does not know all partitions yet: what windows have of these would not belong together.
    bool lower(cursor& to) const
    {
        std::size_t common = 0;
        for (auto& at : to.positions) {
            const auto* mine = find(now_.positions, at.partition, common);
            common += mine ? 1 : 0;
            if (!mine) mine = find(parted_, at.partition);
            if (!mine) return false;
            detail::lower(at, *mine);
        }
        return common == now_.positions.size();
    }

private:
    /// Nearly always where `hint` says: they are of one source, in its order.
    static const position* find(
        const std::vector<position>& all, partition_id p, std::size_t hint = 0)
    {
        if (hint < all.size() && all[hint].partition == p) return &all[hint];
        const auto at = std::find_if(
            all.begin(), all.end(), [p](const position& known) { return known.partition == p; });
        return at == all.end() ? nullptr : &*at;
    }

    cursor now_;
    std::vector<position> parted_;
    bool is_known_ = false;
};

} // namespace corostream::detail
