#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/core/cursor.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace corostream::kafka {

/// How far a consumer has come in each partition it owns: read, acknowledged, committed. Pure bookkeeping, no I/O.
class offsets {
public:
    /// The partition is owned from now on, after pump number `pump`; nothing of it has been read.
    void open(partition_id p, std::uint64_t pump) { slot(p) = { .owned = true, .opened = pump }; }

    /// The partition is not owned any more.
    void close(partition_id p) { slot(p) = {}; }

    bool owned(partition_id p) const { return known(p) && parts_[index(p)].owned; }

    /// Messages before `next` have been handed to the pipeline, by pump number `pump`.
    void advance(partition_id p, std::int64_t next, std::uint64_t pump)
    {
        auto& part = slot(p);
        part.position = next;
        part.pump = pump;
    }

    /// The next offset to read, or -1 if nothing has been read.
    std::int64_t position_of(partition_id p) const { return known(p) ? parts_[index(p)].position : -1; }

    /// The positions of all partitions that were read, for a cursor.
    void snapshot(cursor& into) const
    {
        into.positions.clear();
        for (std::size_t p = 0; p < parts_.size(); ++p)
            if (parts_[p].owned && parts_[p].position >= 0)
                into.positions.push_back({ static_cast<partition_id>(p), parts_[p].position });
    }

    /// The sink is done with all that was pushed before `c` was taken. A cursor never moves back, and one that is older than
    /// the ownership of a partition changes nothing there.
    void acknowledge(const cursor& c)
    {
        acknowledged_pump_ = std::max(acknowledged_pump_, c.pump);
        for (const auto& at : c.positions)
            if (owned(at.partition) && c.pump > slot(at.partition).opened)
                slot(at.partition).cursor = std::max(slot(at.partition).cursor, at.offset);
    }

    /// True while results that messages of the partition led to have not been acknowledged.
    bool in_flight(partition_id p) const { return owned(p) && parts_[index(p)].pump > acknowledged_pump_; }

    bool any_in_flight() const
    {
        for (std::size_t p = 0; p < parts_.size(); ++p)
            if (in_flight(static_cast<partition_id>(p))) return true;
        return false;
    }

    /// The acknowledged offset of `p` if it has not been committed yet, else -1.
    std::int64_t to_commit(partition_id p) const
    {
        if (!owned(p)) return -1;
        const auto& part = parts_[index(p)];
        return part.cursor > part.committed ? part.cursor : -1;
    }

    /// The group knows `offset` of `p`.
    void committed(partition_id p, std::int64_t offset)
    {
        if (owned(p)) slot(p).committed = std::max(slot(p).committed, offset);
    }

    /// One past the highest partition known.
    partition_id size() const { return static_cast<partition_id>(parts_.size()); }

private:
    struct progress {
        bool owned = false;
        std::uint64_t opened = 0; // the pump it was given after
        std::uint64_t pump = 0; // the last that read from it
        std::int64_t position = -1, cursor = -1, committed = -1;
    };

    static std::size_t index(partition_id p) { return static_cast<std::size_t>(p); }
    bool known(partition_id p) const { return p >= 0 && index(p) < parts_.size(); }
    progress& slot(partition_id p)
    {
        if (!known(p)) parts_.resize(index(p) + 1);
        return parts_[index(p)];
    }

    std::vector<progress> parts_;
    std::uint64_t acknowledged_pump_ = 0;
};

} // namespace corostream::kafka
