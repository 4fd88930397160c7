#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/core/cursor.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

namespace corostream {

/// How far event time has come: for each partition its watermark, the highest time seen less a
/// bound, and for the stream the lowest of those. No clock of its own, no I/O.
///
/// A partition is left out of that while it is idle: its source has proved that there is nothing of
/// it left to read, and nothing has come for a while. Then it is taken along, so that its return
/// moves nothing back. When all are idle, the stream's watermark follows the wall clock, as far
/// behind as the bound and that while. A proof that is not renewed is worth nothing after twice
/// that while.
class event_clock {
public:
    /// A watermark is `bound` behind the highest time, and a partition may be idle of which nothing
    /// has come for `idle_after`; none ever is if that is more than 1000 years.
    event_clock(duration bound, duration idle_after)
        : bound_(bound)
        , idle_after_(idle_after > std::chrono::years(1000) ? duration::max() : idle_after)
    {
    }

    /// For how long nothing has come of a partition that is idle; `duration::max()` if none is.
    duration idle_after() const { return idle_after_; }

    /// The elements that follow are of partition `p`.
    void open(partition_id p, time_point arrival)
    {
        put_back();
        auto& opened = part_at(p);
        opened.last = arrival;
        opened.present = true;
        at_ = static_cast<std::size_t>(p);
        at_hand_ = opened.watermark;
    }

    /// An element of that partition has this time.
    [[gnu::always_inline]] void observe(time_point time)
    {
        at_hand_ = std::max(at_hand_, time - bound_);
    }

    /// The watermark of the partition opened last.
    time_point at_hand() const { return at_hand_; }

    /// The watermark of `p`.
    time_point of(partition_id p) const
    {
        const auto at = static_cast<std::size_t>(p);
        if (at == at_) return at_hand_;
        return at < parts_.size() ? parts_[at].watermark : time_point::min();
    }

    /// Partition `p` goes on where its watermark was `watermark`.
    void resume(partition_id p, time_point watermark)
    {
        put_back();
        part_at(p) = {.watermark = watermark, .present = true};
        if (static_cast<std::size_t>(p) == at_) at_hand_ = watermark;
    }

    /// Partition `p` was taken away.
    void revoke(partition_id p)
    {
        const auto at = static_cast<std::size_t>(p);
        if (at == at_) at_ = none;
        if (at < parts_.size()) parts_[at] = {};
    }

    /// Whether `p` was opened, resumed or taken along, and has not been taken away since.
    bool knows(partition_id p) const
    {
        const auto at = static_cast<std::size_t>(p);
        return at < parts_.size() && parts_[at].present;
    }

    /// Whether the watermark of `p` has been raised since this was asked last, as it was idle.
    bool take_raised(partition_id p) { return std::exchange(part_at(p).raised, false); }
    /// That of the partition opened last had been raised so far before a restart.
    void raise(time_point to) { at_hand_ = std::max(at_hand_, to); }

    /// Whether nothing more came from `p`, as of the last update.
    bool has_ended(partition_id p) const
    {
        const auto at = static_cast<std::size_t>(p);
        return at < parts_.size() && parts_[at].ended;
    }

    /// Those that elements have come of, for a source that does not tell its partitions.
    void standings(std::vector<partition_standing>& into) const
    {
        for (std::size_t p = 0; p < parts_.size(); ++p)
            if (parts_[p].present) into.push_back({.partition = static_cast<partition_id>(p)});
    }

    /// Brings the stream's watermark up to date. `standings` are all partitions that are read now.
    void update(const std::vector<partition_standing>& standings, time_point now)
    {
        put_back();
        is_along_ = false;
        auto lowest = never, proved = never;
        bool any_idle = false;
        for (const auto& s : standings) {
            if (s.finished) part_at(s.partition).ended = true;
            else if (is_idle(s, now)) {
                proved = std::min(proved, s.caught_up);
                any_idle = true;
            } else {
                lowest = std::min(lowest, of(s.partition));
            }
        }
        all_idle_ = any_idle && lowest == never;
        if (all_idle_) lowest = std::max(watermark_, proved - idle_after_ - bound_);
        if (lowest == never) return; // nothing is read
        watermark_ = lowest;
        if (any_idle) raise_idle(standings, now);
    }

    /// The stream's: no event before it is expected. Higher than before, unless a partition came
    /// that is behind.
    time_point watermark() const { return watermark_; }

    /// All its partitions are: it has only the wall clock to go by.
    bool is_idle() const { return all_idle_; }

    /// Takes partitions that are idle along to `to`, as of the last update: others, that are merged
    /// with these, have come so far.
    void take_along(const std::vector<partition_standing>& standings, time_point now, time_point to)
    {
        is_along_ = true;
        watermark_ = std::max(watermark_, to);
        raise_idle(standings, now);
    }

    /// When a proof that partitions have been caught up with would help to bring the watermark to
    /// `wanted`; `never` if it would not.
    time_point proof_due(const std::vector<partition_standing>& standings, time_point now) const
    {
        if (idle_after_ == duration::max() || wanted_ == never || wanted_ <= watermark_)
            return never;
        if (all_idle_ && !is_along_) return time_after(wanted_, bound_ + idle_after_);
        auto due = never;
        for (const auto& s : standings) {
            if (s.finished) continue;
            const bool idle = is_idle(s, now);
            if (!idle && of(s.partition) >= wanted_) continue; // does not keep it back
            due = std::min(due, (idle ? s.caught_up : quiet_since(s)) + idle_after_);
        }
        return due;
    }

    /// Something waits for the watermark to come to `time`; `never` if nothing does.
    void want(time_point time) { wanted_ = time; }

private:
    static constexpr auto none = static_cast<std::size_t>(-1);
    struct part {
        time_point watermark = time_point::min();
        time_point last = time_point::min(); // arrival of its last batch
        bool present = false;
        bool ended = false;
        bool raised = false; // while it was idle
    };

    part& part_at(partition_id p)
    {
        const auto at = static_cast<std::size_t>(p);
        if (parts_.size() <= at) parts_.resize(at + 1);
        return parts_[at];
    }

    time_point quiet_since(const partition_standing& s) const
    {
        const auto at = static_cast<std::size_t>(s.partition);
        return at < parts_.size() ? std::max(s.since, parts_[at].last) : s.since;
    }

    bool is_idle(const partition_standing& s, time_point now) const
    {
        if (idle_after_ == duration::max() || s.caught_up == time_point::min()) return false;
        const auto since = quiet_since(s);
        if (since != time_point::min() && s.caught_up < since + idle_after_) return false;
        return now - s.caught_up < 2 * idle_after_;
    }

    /// Idle partitions come as far as the stream has.
    void raise_idle(const std::vector<partition_standing>& standings, time_point now)
    {
        for (const auto& s : standings) {
            if (s.finished || !is_idle(s, now)) continue;
            auto& idle = part_at(s.partition);
            idle.raised = idle.raised || idle.watermark < watermark_;
            idle.watermark = std::max(idle.watermark, watermark_);
            idle.present = true;
            if (static_cast<std::size_t>(s.partition) == at_) at_hand_ = idle.watermark;
        }
    }

    void put_back()
    {
        if (at_ != none && at_ < parts_.size()) parts_[at_].watermark = at_hand_;
    }

    duration bound_, idle_after_;
    std::vector<part> parts_;
    std::size_t at_ = none; // the partition whose watermark is at hand
    time_point at_hand_ = time_point::min();
    time_point watermark_ = time_point::min();
    time_point wanted_ = never;
    bool all_idle_ = false;
    bool is_along_ = false; // with others, which decide
};

} // namespace corostream
