#pragma once

#include <corostream/core/time.hpp>

namespace corostream::kafka {

/// What the group did.
enum class rebalance_kind : unsigned char {
    assign, ///< gave partitions
    revoke, ///< takes partitions away in good order
    lost,   ///< took them away already: somebody else may own them
};

/// What to do next about it.
enum class rebalance_step : unsigned char {
    prepare, ///< find out where to begin
    drain,   ///< wait for the sink to acknowledge what is in flight
    commit,  ///< commit what was acknowledged
    answer,  ///< tell librdkafka, which lets the group go on
};

/// How one rebalance event is worked off, under one deadline. A partition is a scope: its input has
/// ended when the event came; what is in flight is finished and committed, and only then is it
/// given up. A lost partition commits nothing. Pure: no clock, no I/O.
class rebalance {
public:
    rebalance(rebalance_kind kind, time_point deadline)
        : kind_(kind)
        , deadline_(deadline)
    {
    }

    rebalance_kind kind() const { return kind_; }
    time_point deadline() const { return deadline_; }

    /// The next step, given whether the partitions have anything in flight.
    rebalance_step next(bool in_flight, time_point now) const
    {
        if (kind_ == rebalance_kind::assign)
            return prepared_ ? rebalance_step::answer : rebalance_step::prepare;
        if (kind_ == rebalance_kind::lost || committed_ || now >= deadline_)
            return rebalance_step::answer;
        return in_flight ? rebalance_step::drain : rebalance_step::commit;
    }

    /// The group took the partitions after all while they were being drained.
    void lose()
    {
        if (kind_ == rebalance_kind::revoke) kind_ = rebalance_kind::lost;
    }
    void prepared() { prepared_ = true; }
    /// The commit was answered, well or not: there is no second try.
    void committed() { committed_ = true; }

private:
    rebalance_kind kind_;
    time_point deadline_;
    bool prepared_ = false;
    bool committed_ = false;
};

} // namespace corostream::kafka
