#pragma once

#include <corostream/core/cursor.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace corostream::detail {

/// Says at `at`, which is up to where all branches are done, of each how far it is, if any has
/// windows. One that is gone holds nothing back.
template <class Branches>
void set_points(position& at, const Branches& branches)
{
    const auto of_branch = [&at](const auto& b) {
        return b.holds_back() ? b.acknowledged.of(at.partition) : nullptr;
    };
    const bool any = std::any_of(branches.begin(), branches.end(), [&](const auto& b) {
        const auto* mine = of_branch(b);
        return mine && mine->resume.emitted != never
            && (mine->offset != at.offset || mine->resume != resume_point());
    });
    if (!any) {
        at.resume = {};
        return;
    }
    at.resume.cuts.clear();
    std::vector<branch_point> points;
    for (const auto& b : branches) {
        const auto* mine = of_branch(b);
        auto& point = mine ? points.emplace_back(mine->offset, mine->resume)
                           : points.emplace_back(at.offset, at.resume);
        if (point.resume.emitted == never) point.resume.emitted = time_point::min();
    }
    at.resume.branches = std::move(points);
}

/// Where each of `Count` branches goes on after a restart: what comes before, it had done with.
template <std::size_t Count>
class branch_starts {
public:
    using offsets = std::array<std::int64_t, Count>;

    /// Something of `p` comes: what is asked from now on is as of now. Valid until the next call.
    template <class Source>
    const offsets& begin(const Source& source, partition_id p)
    {
        const auto known = known_.find(p);
        if (known != known_.end()) return known->second;
        return known_.emplace(p, read(source, p)).first->second;
    }
    /// Those in partition `p` of `source`.
    template <class Source>
    offsets of(const Source& source, partition_id p) const
    {
        const auto known = known_.find(p);
        return known != known_.end() ? known->second : read(source, p);
    }
    /// The partition was taken away.
    void revoke(partition_id p) { known_.erase(p); }

private:
    template <class Source>
    static offsets read([[maybe_unused]] const Source& source, [[maybe_unused]] partition_id p)
    {
        offsets starts;
        starts.fill(std::numeric_limits<std::int64_t>::min());
        if constexpr (requires { source.resumed(p); })
            if (const auto from = source.resumed(p); from.branches.size() == Count)
                for (std::size_t i = 0; i < Count; ++i) starts[i] = from.branches[i].offset;
        return starts;
    }

    boost::unordered_flat_map<partition_id, offsets> known_;
};

} // namespace corostream::detail
