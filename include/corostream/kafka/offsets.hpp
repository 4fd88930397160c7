#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/core/cursor.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace corostream::kafka {

/// How far a consumer has come in each partition it owns: read, acknowledged, committed. Pure
/// bookkeeping, no I/O.
class offsets {
public:
    /// The partition is owned from now on; nothing of it has been read. If the group knows an
    /// offset, that and what was committed with it.
    void open(partition_id p, std::int64_t committed = -1, resume_point resume = {})
    {
        // what is at most once may be committed further on than windows need
        forget_cuts_before(committed, resume);
        forget_before(committed, resume.refused);
        forget_before(committed, resume.raised);
        slot(p) = {.owned = true,
            .opened = taken_,
            .cursor = committed,
            .committed = committed,
            .start = committed,
            .resumed = resume,
            .resume = resume,
            .committed_resume = resume};
    }

    /// What was committed when the partition was opened.
    resume_point resumed(partition_id p) const
    {
        return owned(p) ? parts_[index(p)].resumed : resume_point{};
    }

    /// The partition is to be closed: what the stages hold of it is dropped at the next pump. So it
    /// is in no cursor that is taken after that, since its position would pass what was dropped.
    void give_up(partition_id p)
    {
        if (owned(p)) slot(p).stage = pumped_ ? scope::ending : scope::ended;
    }

    /// The partition is not owned any more.
    void close(partition_id p) { slot(p) = {}; }

    bool owned(partition_id p) const { return known(p) && parts_[index(p)].owned; }

    /// The messages from `first` to before `next`, the first ones or those that follow the ones
    /// before, have been handed to the pipeline at `now`.
    void advance(partition_id p, std::int64_t first, std::int64_t next, time_point now = {})
    {
        auto& part = slot(p);
        if (part.first < 0) part.first = first;
        if (part.cursor >= part.position) part.held_since = now;
        part.position = next;
    }

    /// Everything before `next` may be committed, whatever becomes of it.
    void claim(partition_id p, std::int64_t next)
    {
        if (owned(p)) slot(p).cursor = std::max(slot(p).cursor, next);
    }

    /// What was claimed of `p` and is not committed is not to be.
    void disclaim(partition_id p)
    {
        if (owned(p)) slot(p).cursor = slot(p).committed;
    }

    /// A message was refused for its time, and is to be again after a restart.
    void refuse(partition_id p, const timed_place& what)
    {
        auto& refused = slot(p).resume.refused;
        if (refused.empty() || refused.back().offset < what.offset) refused.push_back(what);
    }

    /// The clock has moved the watermark to `to`, before the next message of `p` comes: after a
    /// restart it has to have been there, too.
    void raise(partition_id p, time_point to)
    {
        if (!owned(p)) return;
        auto& part = slot(p);
        const auto next = std::max({part.position, part.start, std::int64_t(0)});
        auto& raised = part.resume.raised;
        if (raised.empty() || raised.back().offset < next) raised.push_back({next, to});
        else raised.back().time = std::max(raised.back().time, to);
    }

    /// A pump is over: it may have brought results, for which the next cursor will stand.
    void pumped() { pumped_ = true; }

    /// The next offset to read, or -1 if nothing has been read.
    std::int64_t position_of(partition_id p) const
    {
        return known(p) ? parts_[index(p)].position : -1;
    }

    /// Takes a cursor: the positions of all partitions that were read.
    void snapshot(cursor& into)
    {
        into.pump = ++taken_;
        into.positions.clear();
        for (std::size_t p = 0; p < parts_.size(); ++p) {
            auto& part = parts_[p];
            if (!part.owned || part.stage == scope::ended) continue;
            if (part.stage == scope::ending) part.stage = scope::ended;
            const auto position = std::max(part.position, part.start);
            if (position < 0) continue;
            into.positions.push_back({static_cast<partition_id>(p), position});
            if (part.position >= 0) part.taken = taken_;
        }
        pumped_ = false;
    }

    /// The sink is done with all that was pushed before `c` was taken. A cursor never moves back,
    /// and one that is older than the ownership of a partition changes nothing there.
    void acknowledge(const cursor& c, time_point now = {})
    {
        acknowledged_ = std::max(acknowledged_, c.pump);
        for (const auto& at : c.positions) {
            if (!owned(at.partition)) continue;
            auto& part = slot(at.partition);
            if (c.pump <= part.opened) continue;
            part.window = at.window;
            auto refused = std::move(part.resume.refused);
            auto raised = std::move(part.resume.raised);
            part.resume = at.resume;
            part.resume.refused = std::move(refused);
            part.resume.raised = std::move(raised);
            if (at.offset <= part.cursor) continue;
            part.cursor = at.offset;
            part.held_since = now;
            forget_before(part.cursor, part.resume.refused);
            forget_before(part.cursor, part.resume.raised);
        }
    }

    /// True while results that messages of the partition may have led to have not been
    /// acknowledged, whenever they were read: a window may have held them.
    bool in_flight(partition_id p) const
    {
        if (!owned(p) || position_of(p) < 0) return false;
        const auto& part = parts_[index(p)];
        return part.taken > acknowledged_ || (pumped_ && part.stage != scope::ended);
    }

    bool any_in_flight() const
    {
        for (std::size_t p = 0; p < parts_.size(); ++p)
            if (in_flight(static_cast<partition_id>(p))) return true;
        return false;
    }

    /// The acknowledged offset of `p` if it has not been committed yet, or not with what a restart
    /// there has to know; else -1.
    std::int64_t to_commit(partition_id p) const
    {
        if (!owned(p)) return -1;
        const auto& part = parts_[index(p)];
        const bool new_resume = part.resume != part.committed_resume;
        return part.cursor > part.committed || (part.cursor >= 0 && new_resume) ? part.cursor : -1;
    }

    /// What a restart at that offset has to know.
    const resume_point& resume_to_commit(partition_id p) const { return parts_[index(p)].resume; }

    /// The group knows `offset` of `p`, and `resume` with it.
    void committed(partition_id p, std::int64_t offset, const resume_point& resume = {})
    {
        if (!owned(p) || offset < slot(p).committed) return;
        slot(p).committed = offset;
        slot(p).committed_resume = resume;
    }

    /// How far reading has come, how far processing, since when the one has waited for the other,
    /// and the oldest window that is open; offsets are -1 where there are none.
    struct standing {
        std::int64_t position = -1, cursor = -1, committed = -1;
        std::optional<time_point> held_since{}, window{};
    };
    standing of(partition_id p) const
    {
        if (!owned(p)) return {};
        const auto& part = parts_[index(p)];
        const auto cursor = part.position < 0 ? -1 : std::max(part.cursor, part.first);
        return {part.position, cursor, part.committed,
            cursor < part.position ? std::optional(part.held_since) : std::nullopt,
            part.window != never ? std::optional(part.window) : std::nullopt};
    }

    /// One past the highest partition known.
    partition_id size() const { return static_cast<partition_id>(parts_.size()); }

private:
    enum class scope : unsigned char {
        open,
        ending, // with the next cursor, which stands for the pump that was at work
        ended,
    };
    struct progress {
        bool owned = false;
        scope stage = scope::open;
        std::uint64_t opened = 0; // the cursor it was given after
        std::uint64_t taken = 0; // the last cursor it is in
        std::int64_t first = -1, position = -1, cursor = -1, committed = -1;
        std::int64_t start = -1; // committed when it was opened
        resume_point resumed{}, resume{}, committed_resume{};
        time_point held_since{}, window = never;
    };

    static void forget_cuts_before(std::int64_t offset, resume_point& resume)
    {
        std::erase_if(resume.cuts, [offset](const log_place& at) { return at.offset < offset; });
        for (auto& b : resume.branches) forget_cuts_before(offset, b.resume);
    }
    static void forget_before(std::int64_t offset, std::vector<timed_place>& places)
    {
        std::erase_if(places, [offset](const auto& at) { return at.offset < offset; });
    }

    static std::size_t index(partition_id p) { return static_cast<std::size_t>(p); }
    bool known(partition_id p) const { return p >= 0 && index(p) < parts_.size(); }
    progress& slot(partition_id p)
    {
        if (!known(p)) parts_.resize(index(p) + 1);
        return parts_[index(p)];
    }

    std::vector<progress> parts_;
    std::uint64_t taken_ = 0, acknowledged_ = 0; // cursors are counted
    bool pumped_ = false; // since the last cursor was taken
};

} // namespace corostream::kafka
