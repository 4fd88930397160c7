#pragma once

#include <corostream/core/error.hpp>
#include <corostream/core/stream.hpp>
#include <corostream/core/wakeup.hpp>
#include <corostream/operators/detail/branch_points.hpp>
#include <corostream/operators/detail/child.hpp>
#include <corostream/operators/detail/leash.hpp>
#include <corostream/operators/detail/split_branch.hpp>
#include <corostream/operators/detail/split_sink.hpp>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace corostream::detail {

/// What the branches of a split share: the stream, and a coroutine that pumps it when a branch
/// waits and all have room.
template <stream Up, class... Predicates>
class split_state {
public:
    static constexpr std::size_t count = sizeof...(Predicates) + 1;
    static constexpr bool timed = has_event_time<Up>;
    static constexpr bool of_windows = is_of_windows<Up>;
    using value_type = typename Up::value_type;
    using branch_type = split_branch<value_type, timed>;

    explicit split_state(Up up, Predicates... predicates)
        : up_(std::move(up))
        , predicates_(std::move(predicates)...)
    {
    }
    split_state(const split_state&) = delete;
    split_state& operator=(const split_state&) = delete;
    ~split_state() = default;

    static void start(const std::shared_ptr<split_state>& s, const asio::any_io_executor& executor)
    {
        // a branch may be pumped by something that goes before the others
        const auto beneath = leash::beneath(executor);
        s->leash_.emplace(leash::on(beneath));
        s->demand_.emplace(beneath);
        for (auto& b : s->branches_) b.filled.emplace(beneath);
        start_child(asio::any_io_executor(*s->leash_), feed(s.get()), s, s->child_);
    }
    bool started() const { return demand_.has_value(); }

    /// Hands what waits for a branch to `sink`; nothing if nothing does.
    template <class Sink>
    std::optional<pumped> hand_over(std::size_t which, Sink sink)
    {
        auto& b = branches_[which];
        b.begun = true;
        const split_sink<Sink, split_state> to{sink, this, &b, b.filled->clock().now()};
        if (const auto got = b.hand_over(to)) return got;
        if (error_) std::rethrow_exception(error_);
        return is_over(over_) ? std::optional(over_) : std::nullopt;
    }
    /// A branch has nothing left.
    void ask(std::size_t which)
    {
        branches_[which].hungry = true;
        demand_->notify();
    }

    /// A branch will not be pumped any more: it failed, or was cancelled.
    void fail(std::size_t which)
    {
        branches_[which].failed = true;
        close(which);
    }
    /// A branch is gone. It holds nothing back any more, unless an exception takes it away, or a
    /// graceful stop: then what its open windows have is to be read again.
    void leave(std::size_t which)
    {
        auto& b = branches_[which];
        if (std::exchange(b.left, true)) return;
        b.failed = b.failed || std::uncaught_exceptions() > 0 || over_ == pumped::stop;
        close(which);
        settle();
        if (!all([](const auto& other) { return other.left; })) return;
        if constexpr (requires { up_.source().let_go(); }) up_.source().let_go();
    }
    /// A branch is dropped. What it was being read for may have failed, if that was not its end.
    /// Nothing of the stream runs any more once all branches are gone.
    void abandon(std::size_t which)
    {
        auto& b = branches_[which];
        b.failed = b.failed || (b.begun && !b.left);
        leave(which);
        if (leash_ && all([](const auto& other) { return other.left; })) leash_->cut();
    }

    /// Acknowledges upstream what all branches have acknowledged.
    void settle()
    {
        const branch_type* behind = nullptr;
        for (const auto& b : branches_) {
            if (!b.holds_back()) continue;
            if (!b.acknowledged.is_known()) return;
            if (!behind || b.acknowledged.is_behind(behind->acknowledged)) behind = &b;
        }
        if (!behind) return;
        given_ = behind->acknowledged.now();
        if constexpr (!of_windows) { // else what it says is of the windows before
            for (const auto& b : branches_)
                if (b.holds_back() && !b.acknowledged.lower(given_)) return;
            for (auto& at : given_.positions) set_points(at, branches_);
        }
        up_.source().acknowledge(std::as_const(given_));
    }

    /// What comes before these in `p`, the branches had done with before a restart.
    auto starts_of(partition_id p) { return starts_.of(up_.source(), p); }

    Up& up() { return up_; }
    const Up& up() const { return up_; }
    branch_type& branch(std::size_t i) { return branches_[i]; }
    const branch_type& branch(std::size_t i) const { return branches_[i]; }
    pumped over() const { return over_; }

    /// Whether a branch that is left is idle, and goes along with what it is merged with.
    bool any_along() const
    {
        return !all([](const auto& b) { return b.left || b.failed || !b.is_along; });
    }
    /// The lowest of a time that each branch that is left has.
    time_point lowest(time_point branch_type::* time) const
    {
        auto least = never;
        for (const auto& b : branches_)
            if (!b.left && !b.failed) least = std::min(least, b.*time);
        return least;
    }

    element_error error_at(partition_id p, std::int64_t offset)
    {
        if constexpr (requires { up_.source().error_at(p, offset); })
            return up_.source().error_at(p, offset);
        else return {"stream", p, offset};
    }

private:
    struct fill_sink {
        split_state* state;
        batch at_hand{};
        const typename branch_starts<count>::offsets* starts = nullptr;

        void begin(const batch& b)
        {
            at_hand = b;
            if constexpr (!of_windows)
                starts = &state->starts_.begin(state->up_.source(), b.partition);
            for (auto& branch : state->branches_) branch.begin();
        }
        bool push(value_type&& v, const element& e)
        {
            const auto which = state->branch_of(std::as_const(v));
            auto& b = state->branches_[which];
            if (b.left || b.failed) return true;
            if constexpr (!of_windows)
                if (e.offset < (*starts)[which]) return true;
            auto watermark = time_point::min();
            if constexpr (timed) watermark = state->up_.event_time().at_hand();
            b.push(at_hand, std::move(v), e, watermark);
            return !b.is_full();
        }
        void end(const batch& b)
        {
            for (auto& branch : state->branches_) branch.end(b);
        }
        void revoke(partition_id p)
        {
            state->starts_.revoke(p);
            for (auto& branch : state->branches_) {
                if (branch.left || branch.failed) continue;
                branch.revoke(p);
                branch.filled->notify();
            }
        }
    };

    static asio::awaitable<void> feed(split_state* state)
    {
        auto& s = *state;
        while (!is_over(s.over_)) {
            while (!s.may_pump()) co_await s.demand_->wait();
            for (auto& b : s.branches_) b.begin_pump();
            auto got = pumped::end;
            try {
                got = co_await s.up_.pump(fill_sink{&s}, never);
                s.note();
            } catch (...) {
                s.error_ = std::current_exception();
            }
            if (is_over(got)) s.over_ = got;
            for (auto& b : s.branches_) {
                b.end_pump(s.latest_, got);
                b.hungry = false;
                b.filled->notify();
            }
        }
    }

    bool may_pump() const
    {
        bool wanted = false;
        for (const auto& b : branches_) {
            if (b.left || b.failed) continue;
            if (b.is_full()) return false;
            wanted = wanted || b.hungry;
        }
        return wanted;
    }

    std::size_t branch_of(const value_type& v)
    {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            std::size_t which = 0;
            // the first that is true
            const bool found = ((std::invoke(std::get<I>(predicates_), v) || !++which) || ...);
            static_cast<void>(found);
            return which;
        }(std::index_sequence_for<Predicates...>());
    }

    /// How the stream stands after a pump.
    void note()
    {
        take_snapshot(up_, latest_.at);
        std::fill(latest_.partitions.begin(), latest_.partitions.end(),
            split_standing::partition_state{});
        if constexpr (timed) latest_.watermark = up_.event_time().refresh(demand_->clock().now());
        for (const auto& at : latest_.at.positions) {
            const auto p = static_cast<std::size_t>(at.partition);
            if (latest_.partitions.size() <= p) latest_.partitions.resize(p + 1);
            latest_.partitions[p].oldest_window = at.window;
            if constexpr (timed)
                latest_.partitions[p].watermark = up_.event_time().watermark_of(at.partition);
        }
        latest_.taken = true;
    }

    void close(std::size_t which)
    {
        auto& b = branches_[which];
        b.leave();
        b.hungry = false;
        if (demand_) demand_->notify();
        if (all([](const auto& other) { return other.left || other.failed; })) child_.cancel();
    }

    template <class Condition>
    bool all(Condition is) const
    {
        return std::all_of(branches_.begin(), branches_.end(), is);
    }

    Up up_;
    std::tuple<Predicates...> predicates_;
    std::array<branch_type, count> branches_;
    branch_starts<count> starts_;
    split_standing latest_;
    cursor given_;
    pumped over_ = pumped::items;
    std::exception_ptr error_;
    std::optional<leash> leash_;
    std::optional<wakeup> demand_; // a branch waits, or has room
    child_handle child_;
};

} // namespace corostream::detail
