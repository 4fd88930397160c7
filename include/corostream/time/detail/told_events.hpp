#pragma once

#include <corostream/core/detail/key_slots.hpp>
#include <corostream/core/time.hpp>
#include <corostream/time/detail/time_queue.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace corostream::detail {

/// The events of one partition that windows that slide have had, for as long as late ones are
/// allowed to change those: a piece a key and moment, and one for each event that came when the
/// window of its own moment was out.
template <class Key, class Piece>
class told_events {
public:
    struct event {
        time_point time;
        time_point out; ///< what ended by then was out when it came; the lowest if it was in time
        Piece of;

        bool is_late() const { return out != time_point::min(); }
        /// When the window that ends with the moment `end` is told with it.
        time_point due(time_point end) const { return std::max(end, out) + duration(1); }
        /// Whether it was too late for that window.
        bool misses(time_point end, duration allowed) const
        {
            return is_late() && time_after(end, duration(1) + allowed) <= out;
        }
    };
    struct series {
        std::vector<event> all;
        bool is_due = false; ///< it is being looked at
    };
    using slots = key_slots<Key, series>;

    /// Keeps an event for `keep` after its time. Late ones are due when the stream has come to
    /// where the partition was.
    template <class Lookup, class Merger>
    void add(const Lookup& key, event&& e, duration keep, Merger& merger)
    {
        const auto slot = of_key.find_or_add(key);
        auto& all = of_key[slot].all;
        if (all.empty()) fades_.push({time_after(e.time, keep), slot});
        if (e.is_late()) dues.push({e.due(e.time), slot});
        else if (!all.empty() && !all.back().is_late() && all.back().time == e.time)
            return merger.merge(all.back().of, std::move(e.of));
        all.push_back(std::move(e));
    }

    /// Lets go of events that are `keep` before `reached`. A key is looked at when all that it had
    /// at the last look can go.
    void forget(time_point reached, duration keep)
    {
        while (!fades_.empty() && fades_.top().time <= reached) {
            const auto slot = fades_.top().number;
            fades_.pop();
            auto& all = of_key[slot].all;
            auto last = time_point::min();
            std::erase_if(all, [&](const event& e) {
                if (time_after(e.time, keep) <= reached) return true;
                last = std::max(last, e.time);
                return false;
            });
            if (all.empty()) of_key.erase(slot);
            else fades_.push({time_after(last, keep), slot});
        }
    }

    slots of_key;
    time_queue dues; ///< when late ones are

private:
    time_queue fades_; // one a key
};

} // namespace corostream::detail
