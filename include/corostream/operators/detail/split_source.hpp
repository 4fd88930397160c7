#pragma once

#include <corostream/core/cursor.hpp>
#include <corostream/core/error.hpp>
#include <corostream/core/stream.hpp>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace corostream::detail {

/// The source of a stream that is split, as one branch sees it.
template <class State>
class split_source {
    using source_type = std::remove_reference_t<decltype(std::declval<State&>().up().source())>;

public:
    split_source(State& state, std::size_t which)
        : state_(&state)
        , branch_(&state.branch(which))
        , which_(which)
    {
    }

    void snapshot(cursor& into)
    {
        const auto& at = branch_->told().at;
        into.pump = ++branch_->taken;
        into.positions = at.positions;
        if (const auto cut = branch_->cut()) { // of a batch that was handed over in part
            const auto done = std::min(cut->second, state_->up().hold(cut->first));
            auto& known = into.positions;
            const auto mine = std::find_if(known.begin(), known.end(),
                [&](const auto& p) { return p.partition == cut->first; });
            if (mine == known.end()) known.push_back({.partition = cut->first, .offset = done});
            else mine->offset = std::max(mine->offset, done);
        }
        if constexpr (!State::of_windows) // it was further before a restart than what is read again
            for (auto& known : into.positions)
                known.offset = std::max(known.offset, state_->starts_of(known.partition)[which_]);
        branch_->in_flight.add(into.pump, {at.pump});
    }

    void acknowledge(const cursor& c)
    {
        branch_->acknowledged.advance(branch_->in_flight.up_to(c.pump)[0], c.positions);
        state_->settle();
    }

    void let_go() { state_->leave(which_); }

    /// What waits for the branch has not been seen.
    void standings(std::vector<partition_standing>& into) const
        requires requires(source_type& s) { s.standings(into); }
    {
        const auto first = into.size();
        state_->up().source().standings(into);
        for (auto k = first; k < into.size(); ++k) {
            if (!branch_->has(into[k].partition)) continue;
            into[k].finished = false;
            into[k].caught_up = time_point::min();
        }
    }
    auto resumed(partition_id p) const
        requires requires(source_type& s) { s.resumed(p); }
    {
        auto all = state_->up().source().resumed(p);
        if constexpr (!State::of_windows) {
            if (all.branches.size() == State::count) return std::move(all.branches[which_].resume);
            all.branches.clear(); // of other branches
        }
        return all;
    }
    void want_proof(time_point due)
        requires requires(source_type& s) { s.want_proof(due); }
    {
        branch_->proof_wanted = due;
        state_->up().source().want_proof(state_->lowest(&State::branch_type::proof_wanted));
    }
    bool commits() const
        requires requires(source_type& s) { s.commits(); }
    {
        return state_->up().source().commits();
    }
    bool owns(partition_id p) const
        requires requires(source_type& s) { s.owns(p); }
    {
        return state_->up().source().owns(p);
    }
    asio::awaitable<bool> rest(time_point until)
        requires requires(source_type& s) { s.rest(until); }
    {
        return state_->up().source().rest(until);
    }
    element_error error_at(partition_id p, std::int64_t offset) const
    {
        return state_->error_at(p, offset);
    }

private:
    State* state_;
    typename State::branch_type* branch_;
    std::size_t which_;
};

/// The event time of a stream that is split, as one branch sees it: as of the last pump whose
/// elements it has taken.
template <class State>
class split_time {
public:
    split_time(State& state, std::size_t which)
        : state_(&state)
        , branch_(&state.branch(which))
    {
    }

    time_point at_hand() const { return branch_->at_hand(); }
    time_point watermark_of(partition_id p) const
    {
        if (is_current()) return std::max(branch_->along(p), clock().watermark_of(p));
        auto watermark = std::max(branch_->along(p), branch_->told().of(p).watermark);
        if (const auto cut = branch_->cut(); cut && cut->first == p)
            watermark = std::max(watermark, branch_->at_hand()); // up to there it has happened
        return watermark;
    }
    bool has_ended(partition_id p) const { return !branch_->has(p) && clock().has_ended(p); }
    time_point refresh(time_point now)
    {
        branch_->is_along = false;
        if (is_current()) branch_->tell_watermark(clock().refresh(now));
        return std::max(branch_->told().watermark, along());
    }

    bool is_idle() const
        requires requires(State& s) { s.up().event_time().is_idle(); }
    {
        return is_current() && clock().is_idle();
    }
    /// The branch alone goes along: others may be merged with nothing, and wait.
    void take_along(time_point to)
    {
        branch_->is_along = true;
        for (const auto& s : standings())
            if (!s.finished) branch_->take_along(s.partition, to);
    }

    void want(time_point time)
    {
        branch_->wanted = time;
        if constexpr (requires { clock().is_idle(); }) // that is to be proved again
            if (state_->any_along() && clock().is_idle()) clock().take_along(time_point::min());
        clock().want(state_->lowest(&State::branch_type::wanted));
    }

private:
    auto& clock() const { return state_->up().event_time(); }
    bool is_current() const { return branch_->is_current() && !is_over(state_->over()); }

    const std::vector<partition_standing>& standings()
    {
        standings_.clear();
        auto& source = state_->up().source();
        if constexpr (requires { source.standings(standings_); }) source.standings(standings_);
        return standings_;
    }
    /// How far all that is read now has gone along.
    time_point along()
    {
        if (!branch_->has_gone_along()) return time_point::min();
        auto lowest = never;
        for (const auto& s : standings())
            if (!s.finished) lowest = std::min(lowest, branch_->along(s.partition));
        return lowest == never ? time_point::min() : lowest;
    }

    State* state_;
    typename State::branch_type* branch_;
    std::vector<partition_standing> standings_; // its memory is used again
};

} // namespace corostream::detail
