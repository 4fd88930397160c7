#pragma once

#include <corostream/core/cursor.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

namespace corostream::detail {

/// Says at `at`, which is up to where all branches are done, of each how far it is, if any has
/// windows. One that is gone holds nothing back.
template <class Branches>
void set_points(position& at, const Branches& branches)
{
    auto points = std::move(at.resume.branches); // its memory is used again
    points.clear();
    at.resume.branches.clear();
    at.resume.cuts.clear();
    bool any = false;
    for (const auto& b : branches) {
        auto& point = points.emplace_back(at.offset, at.resume);
        const auto* mine = b.acknowledged.of(at.partition);
        if (!b.holds_back() || !mine) continue;
        point = {mine->offset, mine->resume};
        const bool has_windows = mine->resume.emitted != never;
        if (!has_windows) point.resume.emitted = time_point::min();
        any = any || (has_windows && mine->resume != resume_point());
    }
    if (any) at.resume.branches = std::move(points);
    else at.resume = {};
}

/// Where each of `Count` branches goes on after a restart: what comes before, it had done with.
template <std::size_t Count>
class branch_starts {
public:
    using offsets = std::array<std::int64_t, Count>;

    /// Those in partition `p` of `source`; valid until the next call.
    template <class Source>
    const offsets& of(const Source& source, partition_id p)
    {
        const auto [known, is_new] = known_.try_emplace(p);
        auto& starts = known->second;
        if (!is_new) return starts;
        starts.fill(std::numeric_limits<std::int64_t>::min());
        if constexpr (requires { source.resumed(p); })
            if (const auto from = source.resumed(p); from.branches.size() == Count)
                for (std::size_t i = 0; i < Count; ++i) starts[i] = from.branches[i].offset;
        return starts;
    }
    /// The partition was taken away.
    void revoke(partition_id p) { known_.erase(p); }

private:
    boost::unordered_flat_map<partition_id, offsets> known_;
};

} // namespace corostream::detail
