#pragma once

#include <corostream/core/cursor.hpp>
#include <corostream/kafka/detail/producer_state.hpp>

#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <utility>

namespace corostream::kafka::detail {

/// The records that a job has produced and not heard of, pump by pump. The cursor taken after a
/// pump may be committed once its records, and all before them, have been delivered. Reports may
/// come when the job is gone, so the producer keeps this.
class produced_batches {
public:
    /// Told, newest first in each call, of the cursors that may be committed.
    std::function<void(const cursor&)> acknowledge;

    /// The records that follow belong to a new pump; yields the handler of their reports.
    delivery_handler* open()
    {
        if (spare_.empty()) spare_.emplace_back(*this);
        batches_.splice(batches_.end(), spare_, spare_.begin());
        batches_.back().sealed = false;
        return &batches_.back().handler;
    }

    /// One more record of the pump at hand was produced.
    void produced() { ++batches_.back().in_flight; }

    /// The cursor of the pump at hand, to be filled in.
    cursor& at() { return batches_.back().at; }

    /// The pump at hand is over, its cursor taken.
    void seal()
    {
        batches_.back().sealed = true;
        settle();
    }

    bool in_flight() const
    {
        for (const auto& b : batches_)
            if (b.in_flight > 0) return true;
        return false;
    }

    const std::optional<error>& failed() const { return failed_; }
    std::uint64_t delivered() const { return delivered_; }

private:
    struct batch {
        explicit batch(produced_batches& all)
            : handler([this, &all](const delivery&, const error* e) {
                --in_flight;
                if (e) all.failed_ = all.failed_ ? all.failed_ : *e;
                else ++all.delivered_;
                all.settle();
            })
        {
        }
        batch(const batch&) = delete;
        batch& operator=(const batch&) = delete;
        ~batch() = default;

        cursor at;
        std::uint64_t in_flight = 0;
        bool sealed = false;
        delivery_handler handler;
    };

    /// Moves the batches that are done with to the spare ones: they keep their addresses, since a
    /// handler may be running.
    void settle()
    {
        const auto before = spare_.size();
        while (!failed_ && !batches_.empty() && batches_.front().sealed
               && batches_.front().in_flight == 0)
            spare_.splice(spare_.end(), batches_, batches_.begin());
        if (spare_.size() > before && acknowledge) acknowledge(spare_.back().at);
    }

    std::list<batch> batches_, spare_;
    std::optional<error> failed_;
    std::uint64_t delivered_ = 0;
};

} // namespace corostream::kafka::detail
