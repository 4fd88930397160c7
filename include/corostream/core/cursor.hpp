#pragma once

#include <corostream/core/batch.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace corostream {

/// What a stage answers when it holds nothing of a partition.
inline constexpr std::int64_t nothing_held = std::numeric_limits<std::int64_t>::max();

/// Up to where one partition is done with: every offset before `offset`.
struct position {
    partition_id partition;
    std::int64_t offset;
    time_point window = never; ///< begin of the oldest open window with something of it

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

/// Takes the cursor of a pipeline: for each partition of its source the position, or the lowest
/// offset that a stage on the way still needs, whichever is lower. Cost: O(partitions); `into` is
/// reused, so nothing is allocated when steady.
template <class Stage>
void take_snapshot(Stage& stage, cursor& into)
{
    stage.source().snapshot(into);
    for (auto& at : into.positions) {
        at.offset = std::min(at.offset, stage.hold(at.partition));
        at.window = oldest_window(stage, at.partition);
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
