#pragma once

#include <corostream/core/batch.hpp>

#include <algorithm>
#include <compare>
#include <cstdint>
#include <limits>
#include <vector>

namespace corostream {

/// What a stage answers when it holds nothing of a partition.
inline constexpr std::int64_t nothing_held = std::numeric_limits<std::int64_t>::max();

/// One element of a partition: its offset and, of those that one record became, its number.
struct log_place {
    std::int64_t offset;
    std::int64_t number = 0;

    friend auto operator<=>(const log_place&, const log_place&) = default;
};

/// A record, and a time that goes with it.
struct timed_place {
    std::int64_t offset;
    time_point time;

    friend bool operator==(const timed_place&, const timed_place&) = default;
};

/// Where a branch of a stream that is split goes on. `Resume` is `resume_point`, which has some of
/// these: a template can wait until that is complete.
template <class Resume>
struct basic_branch_point {
    std::int64_t offset;
    Resume resume{};

    friend bool operator==(const basic_branch_point& a, const basic_branch_point& b)
    {
        return a.offset == b.offset && a.resume == b.resume;
    }
};

/// What a restart at an offset has to know to come to the same results as without it.
struct resume_point {
    time_point watermark = time_point::min(); ///< of the partition, when it came to that offset
    time_point emitted = time_point::min();   ///< windows that end by then are out
    std::int64_t seen = -1; ///< what comes before this offset has been judged late or not
    /// Windows of elements: of each key the last one that no window needs any more, in order.
    std::vector<log_place> cuts{};
    /// Records with elements that were too far ahead of the clock then: those later than the time.
    std::vector<timed_place> refused{};
    /// Before these records came, the clock had moved the watermark up to the time.
    std::vector<timed_place> raised{};
    /// Of a stream that is split: how far each branch is.
    std::vector<basic_branch_point<resume_point>> branches{};
    bool lacks_cuts = false; ///< there are too many to be told

    friend bool operator==(const resume_point&, const resume_point&) = default;
};

using branch_point = basic_branch_point<resume_point>;

/// Up to where one partition is done with: every offset before `offset`.
struct position {
    partition_id partition;
    std::int64_t offset;
    time_point window = never; ///< begin of the oldest open window with something of it
    resume_point resume{};     ///< where windows go by event time, or by elements

    friend bool operator==(const position&, const position&) = default;
};

/// A snapshot of how far a pipeline has come, taken after a pump. It may be committed once the sink
/// has acknowledged everything pushed before it was taken.
struct cursor {
    /// counts the pumps of the source, so that it knows what is still in flight
    std::uint64_t pump = 0;
    std::vector<position> positions;
};

/// Begin of the oldest open window at or before `stage` that has something of `p`; `never` if none.
template <class Stage>
time_point oldest_window(const Stage& stage, partition_id p)
{
    if constexpr (requires { stage.oldest_window(p); }) return stage.oldest_window(p);
    else return never;
}

/// How a partition stands at its source.
struct partition_standing {
    partition_id partition;
    bool finished = false; ///< nothing more comes from it
    time_point since = time_point::min(); ///< when it was opened
    /// when it was last proved that its log had nothing that had not been read; `min` if never
    time_point caught_up = time_point::min();
};

/// Takes the cursor of a pipeline: for each partition of its source the position, or the lowest
/// offset that a stage on the way still needs, whichever is lower. Cost: O(partitions); `into` is
/// reused, so nothing is allocated when steady.
template <class Stage>
void take_snapshot(Stage& stage, cursor& into)
{
    stage.source().snapshot(into);
    for (auto& at : into.positions) {
        const auto position = at.offset;
        at.offset = std::min(position, stage.hold(at.partition));
        at.window = oldest_window(stage, at.partition);
        if constexpr (requires { stage.resume_at(at, position); })
            at.resume = stage.resume_at(at, position);
    }
}

/// Tells the source of a pipeline, when it goes, that nothing more will be acknowledged. Until then
/// a source that commits waits for what is in flight.
template <class Stage>
class let_go_at_end {
public:
    explicit let_go_at_end(Stage& stage)
        : stage_(&stage)
    {
    }
    let_go_at_end(const let_go_at_end&) = delete;
    let_go_at_end& operator=(const let_go_at_end&) = delete;
    ~let_go_at_end()
    {
        if constexpr (requires { stage_->source().let_go(); }) stage_->source().let_go();
    }

private:
    Stage* stage_;
};

/// The base of a source that has nothing to commit.
struct replayable_source {
    void snapshot(cursor& into) const { into.positions.clear(); }
    void acknowledge(const cursor&) {}
    static std::int64_t hold(partition_id) { return nothing_held; }
};

} // namespace corostream
