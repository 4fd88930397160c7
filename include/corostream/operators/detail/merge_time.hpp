#pragma once

#include <corostream/core/stream.hpp>

#include <algorithm>
#include <cstddef>

namespace corostream::detail {

/// The event time of a merged stream all of whose inputs have it. What an input has buffered has
/// not happened yet: until it is handed over, the input's watermark stays where it was.
template <class State>
class merge_time {
public:
    explicit merge_time(State& state)
        : state_(&state)
    {
    }

    time_point at_hand() const { return state_->at_hand().waiting.at_hand(); }

    time_point watermark_of(partition_id p) const
    {
        auto watermark = state_->of(p).watermark;
        const auto own = State::own_number(p);
        State::visit(State::input_of(p), [&](auto i) {
            const auto& waiting = state_->lane(i).waiting;
            if (is_current(state_->lane(i))) watermark = clock<i>().watermark_of(own);
            else if (const auto cut = waiting.cut(); cut && cut->first == own)
                watermark = std::max(watermark, waiting.at_hand()); // up to there it has happened
        });
        return watermark;
    }

    /// Whether nothing more comes of `p`, and nothing of it is buffered.
    bool has_ended(partition_id p) const
    {
        const auto own = State::own_number(p);
        bool ended = false;
        State::visit(State::input_of(p), [&](auto i) {
            const auto& lane = state_->lane(i);
            ended = lane.over == pumped::end
                 || (!lane.waiting.has(own) && clock<i>().has_ended(own));
        });
        return ended;
    }

    /// The lowest of the inputs. One that has ended is left out; one that was stopped is not, as
    /// what it has not read is to come after a restart. One that is idle is taken along with those
    /// that are not.
    time_point refresh(time_point now)
    {
        auto lowest = never, lowest_idle = never;
        State::each([&](auto i) {
            auto& lane = state_->lane(i);
            if (lane.over == pumped::end) return;
            if (is_current(lane)) lane.watermark = clock<i>().refresh(now);
            auto& among = is_idle<i>() ? lowest_idle : lowest;
            among = std::min(among, lane.watermark);
        });
        if (lowest != never) {
            take_along(lowest);
            watermark_ = lowest;
        } else if (lowest_idle != never) {
            watermark_ = lowest_idle;
        }
        return watermark_;
    }

    /// All its inputs that go on are.
    bool is_idle() const
    {
        bool all = true, any = false;
        State::each([&](auto i) {
            if (state_->lane(i).over == pumped::end) return;
            any = true;
            all = all && is_idle<i>();
        });
        return all && any;
    }
    void take_along(time_point to)
    {
        State::each([&](auto i) {
            if (!is_idle<i>()) return;
            auto& lane = state_->lane(i);
            lane.watermark = std::max(lane.watermark, to);
            if constexpr (can_be_idle<decltype(i)::value>) clock<i>().take_along(to);
        });
    }

    void want(time_point time)
    {
        State::each([&](auto i) { clock<i>().want(time); });
    }

private:
    template <std::size_t I>
    static constexpr bool can_be_idle
        = requires(State& s) { s.template up<I>().event_time().is_idle(); };
    template <std::size_t I>
    bool is_idle() const
    {
        const auto& lane = state_->lane(I);
        if constexpr (can_be_idle<I>)
            return lane.waiting.empty() && !is_over(lane.over) && clock<I>().is_idle();
        else return false;
    }
    template <std::size_t I>
    auto& clock() const
    {
        return state_->template up<I>().event_time();
    }
    /// Whether all that the input brought was handed over, and it goes on.
    static bool is_current(const typename State::lane_type& lane)
    {
        return !lane.full && lane.waiting.empty() && !is_over(lane.over);
    }

    State* state_;
    time_point watermark_ = time_point::min();
};

} // namespace corostream::detail
