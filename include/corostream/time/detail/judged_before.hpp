#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/core/cursor.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace corostream::detail {

/// What the clock had decided of elements before a restart, and would not decide again: of each
/// partition, as far as these may come once more.
class judged_before {
public:
    void resume(partition_id p, resume_point&& from)
    {
        if (from.refused.empty() && from.raised.empty()) return;
        of_[p] = {std::move(from.refused), std::move(from.raised)};
    }
    void revoke(partition_id p) { of_.erase(p); }
    bool knows(partition_id p) const { return of_.contains(p); }

    /// How far time had gone on by the clock before the element at `offset` of `p` came; `min` if
    /// it had not.
    time_point raised(partition_id p, std::int64_t offset)
    {
        auto to = time_point::min();
        const auto known = of_.find(p);
        if (known == of_.end()) return to;
        std::erase_if(known->second.raised, [&](const timed_place& r) {
            if (r.offset > offset) return false;
            to = std::max(to, r.time);
            return true;
        });
        return to;
    }

    /// Whether an element was too far ahead of the clock then.
    bool refused(partition_id p, const element& e)
    {
        const auto known = of_.find(p);
        if (known == of_.end()) return false;
        const auto& all = known->second.refused;
        const auto at = std::lower_bound(all.begin(), all.end(), e.offset,
            [](const timed_place& r, std::int64_t offset) { return r.offset < offset; });
        if (at == all.end() && known->second.raised.empty()) of_.erase(known);
        else if (at != all.end()) return at->offset == e.offset && e.time > at->time;
        return false;
    }

private:
    struct decided {
        std::vector<timed_place> refused;
        std::vector<timed_place> raised;
    };
    boost::unordered_flat_map<partition_id, decided> of_;
};

} // namespace corostream::detail
