#pragma once

#include <corostream/core/detail/key_slots.hpp>
#include <corostream/time/detail/held_groups.hpp>
#include <corostream/time/detail/keyed_window.hpp>
#include <corostream/time/detail/per_key.hpp>
#include <corostream/time/detail/time_queue.hpp>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace corostream::detail {

/// What one partition has of sessions that are out, for as long as late elements are allowed to
/// change them, and the late elements that will. Neither is ever made one with another of its
/// partition: then what each is does not depend on what the others bring.
template <class Aggregate>
class told_sessions {
    using keys = per_key<Aggregate>;

public:
    /// What was a session of the partition, or late elements that came together.
    struct piece {
        window_bounds bounds;
        time_point reaches; ///< its begin, but not before what nothing could join when it came
        time_point due;     ///< when it is told, or was
        std::int64_t first_offset;
        typename keys::part of;
        held_groups::number group;            ///< of what holds its first element
        std::optional<window_bounds> told{}; ///< the session in which it was told
        bool taken = false;                   ///< into the one that is being put together
    };
    using slots = key_slots<typename keys::key_type, std::vector<piece>>;

    using number = typename slots::number;

    /// `p`, of the key in `slot`, is to be told when it is due.
    void add(number slot, piece&& p)
    {
        dues.push({p.due, slot});
        of_key[slot].push_back(std::move(p));
    }

    /// Late elements of the key in `slot` that others join which come with them; null if there are
    /// none.
    piece* find_late(number slot, time_point due, const window_bounds& at)
    {
        for (auto& p : of_key[slot])
            if (p.due == due && !p.told && p.bounds.begin < at.end && at.begin < p.bounds.end)
                return &p;
        return nullptr;
    }

    slots of_key;
    time_queue dues;  ///< when pieces are
    time_queue fades; ///< when to look whether something can be let go of
};

} // namespace corostream::detail
