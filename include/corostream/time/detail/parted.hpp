#pragma once

#include <corostream/core/batch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace corostream::detail {

/// What the open windows of every kind know of a partition.
struct part_base {
    part_base() = default;
    part_base(part_base&&) = default; // only moves
    part_base& operator=(part_base&&) = default;
    part_base(const part_base&) = delete;
    part_base& operator=(const part_base&) = delete;
    ~part_base() = default;

    bool present = false; ///< it is ours
    time_point emitted = time_point::min(); ///< windows that end by then are out
    time_point out_for_good = time_point::min(); ///< those are not told again
    duration allowed{}; ///< how late an element may be for a window that is out
    std::int64_t seen = -1; ///< what comes before was judged before a restart

    void resume(time_point out, std::int64_t judged)
    {
        present = true;
        emitted = std::max(emitted, out);
        out_for_good = emitted;
        seen = judged;
    }
};

/// Fires what ends at `next()`, one end after another until that is `never` or `emit` wants no
/// more: what has been told may be told again when there is more to read, so it is not over yet.
template <class State, class Next, class Emit>
bool fire_in_turn(State& state, Next next, Emit& emit)
{
    bool any = false, wanted = true;
    const auto one = [&]<class Result>(Result&& result) {
        return wanted = emit(std::forward<Result>(result));
    };
    for (auto end = next(); wanted && end != never; end = next())
        any = state.fire(end, one) || any;
    return any;
}

/// The base of open windows that have a `Part`, a `part_base`, for each partition.
template <class Part>
class parted {
public:
    bool owns(partition_id p) const { return known(p) && at(p).present; }

    /// Partition `p` is ours; after a restart windows that end by `emitted` are out already, and
    /// what comes before `seen` has been judged.
    void resume(partition_id p, time_point emitted = time_point::min(), std::int64_t seen = -1)
    {
        if (!known(p)) parts_.resize(static_cast<std::size_t>(p) + 1);
        auto& part = parts_[static_cast<std::size_t>(p)];
        part.resume(emitted, seen);
        part.allowed = allowed_;
    }

    /// The elements that follow come from partition `p`, which is ours.
    void open(partition_id p)
    {
        current_ = &parts_[static_cast<std::size_t>(p)];
        partition_ = p;
    }

    /// The lowest time of `of(partition)`, of those that are ours and have one.
    template <class Of>
    time_point lowest(Of of) const
    {
        auto lowest = never;
        for (std::size_t p = 0; p < parts_.size(); ++p) {
            if (!parts_[p].present) continue;
            const auto time = of(static_cast<partition_id>(p));
            if (time != time_point::min()) lowest = std::min(lowest, time);
        }
        return lowest;
    }

    /// Windows are told as soon as they have something.
    static bool has_begun() { return true; }

    /// The windows that end by then are out as far as `p` is concerned.
    time_point emitted(partition_id p) const
    {
        return known(p) ? at(p).emitted : time_point::min();
    }
    /// What comes before this offset of `p` was judged before a restart; -1 if nothing was.
    std::int64_t seen(partition_id p) const { return known(p) ? at(p).seen : -1; }

    /// Forgets what partition `p` put into open windows: its new owner will count it.
    void revoke(partition_id p)
    {
        if (known(p)) parts_[static_cast<std::size_t>(p)] = {};
    }

protected:
    /// What is out may be told again for as long as `allowed`.
    explicit parted(duration allowed = {})
        : allowed_(allowed)
    {
    }

    bool known(partition_id p) const { return static_cast<std::size_t>(p) < parts_.size(); }
    const Part& at(partition_id p) const { return parts_[static_cast<std::size_t>(p)]; }
    /// Windows that end by `end` are out.
    void advance(time_point end)
    {
        for (auto& p : parts_)
            if (p.present) p.emitted = std::max(p.emitted, end);
    }

    // NOLINTBEGIN(misc-non-private-member-variables-in-classes): a kind of windows is its parts
    duration allowed_;
    std::vector<Part> parts_;
    Part* current_ = nullptr; // where elements come from
    partition_id partition_ = 0;
    // NOLINTEND(misc-non-private-member-variables-in-classes)
};

} // namespace corostream::detail
