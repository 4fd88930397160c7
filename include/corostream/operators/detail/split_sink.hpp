#pragma once

#include <corostream/core/batch.hpp>

#include <utility>

namespace corostream::detail {

/// Where a branch of a stream that is split hands over what waits for it. Batches arrive now, as
/// those of a merge do.
template <class Next, class State>
struct split_sink {
    Next next;
    State* state;
    typename State::branch_type* branch;
    time_point now;
    partition_id partition = 0;

    void begin(batch b)
    {
        partition = b.partition;
        branch->open(partition);
        b.arrival = now;
        next.begin(std::as_const(b));
    }
    bool push(typename State::value_type&& v, const element& e)
    {
        try {
            return next.push(std::move(v), e);
        } catch (...) {
            if (e.offset < 0) throw;
            throw state->error_at(partition, e.offset);
        }
    }
    void end(batch b)
    {
        b.arrival = now;
        next.end(std::as_const(b));
    }
    void revoke(partition_id p)
    {
        branch->forget(p);
        next.revoke(p);
    }
};

} // namespace corostream::detail
