#pragma once

#include <corostream/core/cursor.hpp>
#include <corostream/core/error.hpp>
#include <corostream/core/stream.hpp>
#include <corostream/operators/detail/pump_numbers.hpp>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

namespace corostream::detail {

// What a source may offer besides.
template <class S>
concept can_tell_resumed = requires(const S& s, partition_id p) { s.resumed(p); };
template <class S>
concept can_refuse = requires(S& s, partition_id p) { s.refuse(p, timed_place()); };
template <class S>
concept can_prove = requires(S& s, time_point due) { s.want_proof(due); };
template <class S>
concept can_tell_owned = requires(const S& s, partition_id p) { s.owns(p); };
template <class S>
concept can_rest = requires(S& s, time_point until) { s.rest(until); };
template <class S>
concept can_commit = requires(const S& s) { s.commits(); };

/// The sources of a merged stream as one, their partitions renumbered. A cursor stands for what was
/// handed over, not for what is buffered.
template <class State, class... Sources>
class merge_source {
    static constexpr auto count = State::count;
    template <std::size_t I>
    using source_type = std::tuple_element_t<I, std::tuple<Sources...>>;

public:
    explicit merge_source(State& state)
        : state_(&state)
    {
    }

    void snapshot(cursor& into)
    {
        into.pump = ++taken_;
        into.positions.clear();
        std::array<std::uint64_t, count> numbers{};
        State::each([&](auto i) {
            const auto& lane = state_->lane(i);
            const auto first = into.positions.size();
            for (auto at : lane.told.positions) {
                at.partition = State::renumbered(at.partition, i);
                into.positions.push_back(at);
            }
            if (const auto cut = lane.waiting.cut()) {
                // of a batch that was handed over in part
                const auto done = std::min(cut->second, state_->template up<i>().hold(cut->first));
                raise(into.positions, first, State::renumbered(cut->first, i), done);
            }
            numbers[i] = lane.told.pump;
        });
        in_flight_.add(taken_, numbers);
    }

    void acknowledge(const cursor& c)
    {
        const auto& numbers = in_flight_.up_to(c.pump);
        State::each([&](auto i) {
            given_.pump = numbers[i];
            given_.positions.clear();
            for (auto at : c.positions) {
                if (State::input_of(at.partition) != i) continue;
                at.partition = State::own_number(at.partition);
                given_.positions.push_back(at);
            }
            source<i>().acknowledge(std::as_const(given_));
        });
    }

    void let_go() { state_->let_go(); }

    /// Of a source that does not tell, those that elements came of, or partition 0. An input that
    /// is over has finished; what is buffered has not been seen.
    void standings(std::vector<partition_standing>& into) const
    {
        State::each([&](auto i) {
            const auto& lane = state_->lane(i);
            const auto first = into.size();
            if constexpr (requires { source<i>().standings(into); }) source<i>().standings(into);
            else if (lane.seen.empty()) into.push_back({.partition = 0});
            else
                for (const auto p : lane.seen) into.push_back({.partition = p});
            for (auto k = first; k < into.size(); ++k) {
                auto& s = into[k];
                if (lane.waiting.has(s.partition)) {
                    s.finished = false;
                    s.caught_up = time_point::min();
                }
                s.finished = s.finished || lane.over == pumped::end;
                s.partition = State::renumbered(s.partition, i);
            }
        });
    }

    resume_point resumed(partition_id p) const
        requires(can_tell_resumed<Sources> || ...)
    {
        resume_point from;
        State::visit(State::input_of(p), [&](auto i) {
            if constexpr (can_tell_resumed<source_type<i>>)
                from = source<i>().resumed(State::own_number(p));
        });
        return from;
    }

    void refuse(partition_id p, const timed_place& what)
        requires(can_refuse<Sources> || ...)
    {
        State::visit(State::input_of(p), [&](auto i) {
            if constexpr (can_refuse<source_type<i>>)
                source<i>().refuse(State::own_number(p), what);
        });
    }

    void raise(partition_id p, time_point to)
        requires(can_refuse<Sources> || ...)
    {
        State::visit(State::input_of(p), [&](auto i) {
            if constexpr (can_refuse<source_type<i>>)
                source<i>().raise(State::own_number(p), to);
        });
    }

    void want_proof(time_point due)
        requires(can_prove<Sources> || ...)
    {
        State::each([&](auto i) {
            if constexpr (can_prove<source_type<i>>) source<i>().want_proof(due);
        });
    }

    bool owns(partition_id p) const
        requires(can_tell_owned<Sources> || ...)
    {
        bool owned = true;
        State::visit(State::input_of(p), [&](auto i) {
            if constexpr (can_tell_owned<source_type<i>>)
                owned = source<i>().owns(State::own_number(p));
        });
        return owned;
    }

    bool commits() const
        requires(can_commit<Sources> || ...)
    {
        bool one_does = false;
        State::each([&](auto i) {
            if constexpr (can_commit<source_type<i>>)
                one_does = one_does || source<i>().commits();
        });
        return one_does;
    }

    element_error error_at(partition_id p, std::int64_t offset) const
    {
        return state_->error_at(p, offset);
    }

    /// Asks one input after the other, a moment each, so that the stop of any is seen soon.
    asio::awaitable<bool> rest(time_point until)
        requires(can_rest<Sources> || ...)
    {
        auto& wakeup = state_->filled();
        while (wakeup.clock().now() < until) {
            bool asked = false;
            for (std::size_t i = 0; i < count; ++i) {
                if (!may_rest(i)) continue;
                asked = true;
                const auto moment = wakeup.clock().now() + std::chrono::milliseconds(50);
                const auto going = co_await rest_at(i, std::min(until, moment));
                if (!going) co_return false;
            }
            if (state_->over() == pumped::stop) co_return false;
            if (!asked) co_await wakeup.wait(until);
        }
        co_return true;
    }

private:
    template <std::size_t I>
    source_type<I>& source() const
    {
        return state_->template up<I>().source();
    }

    static void raise(
        std::vector<position>& positions, std::size_t first, partition_id p, std::int64_t to)
    {
        const auto from = positions.begin() + static_cast<std::ptrdiff_t>(first);
        const auto at = std::find_if(
            from, positions.end(), [p](const auto& known) { return known.partition == p; });
        if (at == positions.end()) positions.push_back({.partition = p, .offset = to});
        else at->offset = std::max(at->offset, to);
    }

    bool may_rest(std::size_t input) const
    {
        bool can = false;
        State::visit(input, [&](auto i) {
            can = can_rest<source_type<i>> && !is_over(state_->lane(i).over);
        });
        return can;
    }
    asio::awaitable<bool> rest_at(std::size_t input, time_point until)
    {
        asio::awaitable<bool> resting;
        State::visit(input, [&](auto i) {
            if constexpr (can_rest<source_type<i>>) resting = source<i>().rest(until);
        });
        return resting;
    }

    State* state_;
    pump_numbers<count> in_flight_;
    std::uint64_t taken_ = 0;
    cursor given_;
};

} // namespace corostream::detail
