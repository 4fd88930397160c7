#pragma once

#include <corostream/core/error.hpp>
#include <corostream/core/stream.hpp>
#include <corostream/core/wakeup.hpp>
#include <corostream/operators/detail/child.hpp>
#include <corostream/operators/detail/leash.hpp>
#include <corostream/operators/detail/merge_inputs.hpp>
#include <corostream/operators/detail/merge_lane.hpp>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace corostream::detail {

/// What a merged stream is made of: its inputs, and a coroutine for each that pumps it, a pump
/// ahead of what is handed over.
template <stream... Ups>
class merge_state : public merge_inputs<sizeof...(Ups)> {
    using inputs = merge_inputs<sizeof...(Ups)>;

public:
    using inputs::count, inputs::each, inputs::visit, inputs::renumbered, inputs::input_of,
        inputs::own_number;
    using value_type = typename std::tuple_element_t<0, std::tuple<Ups...>>::value_type;
    static constexpr bool timed = (has_event_time<Ups> && ...);
    using lane_type = merge_lane<value_type, timed>;

    explicit merge_state(Ups... ups)
        : ups_(std::move(ups)...)
    {
    }
    merge_state(const merge_state&) = delete;
    merge_state& operator=(const merge_state&) = delete;
    ~merge_state() = default;

    /// Starts the inputs' coroutines.
    static void start(const std::shared_ptr<merge_state>& s, const asio::any_io_executor& executor)
    {
        s->leash_.emplace(leash::on(executor));
        s->filled_.emplace(executor);
        for (auto& lane : s->lanes_) lane.drained.emplace(executor);
        each([&](auto i) {
            start_child(
                asio::any_io_executor(*s->leash_), feed<i>(s.get()), s, s->lanes_[i].child);
        });
    }
    bool started() const { return filled_.has_value(); }

    /// Hands what one input brought to `sink`; nothing if none has anything.
    template <class Sink>
    std::optional<pumped> hand_over(Sink sink)
    {
        if (is_over(over_)) return over_;
        std::optional<pumped> got;
        for (std::size_t tried = 0; tried < count && !got; ++tried) {
            visit(turn_, [&](auto i) { got = hand_over_from<i>(sink); });
            if (!got || lanes_[turn_].waiting.empty()) turn_ = (turn_ + 1) % count;
        }
        return got;
    }

    /// Resumes when an input has brought something.
    wakeup& filled() { return *filled_; }

    /// Ends the inputs' coroutines at their next wait.
    void cancel()
    {
        for (auto& lane : lanes_) lane.child.cancel();
    }
    /// The same, and nothing of the inputs runs any more.
    void abandon()
    {
        let_go();
        if (leash_) leash_->cut();
    }
    /// The same, but that nothing more will be acknowledged.
    void let_go()
    {
        cancel();
        each([&](auto i) {
            if constexpr (requires { up<i>().source().let_go(); }) up<i>().source().let_go();
        });
    }

    template <std::size_t I>
    auto& up()
    {
        return std::get<I>(ups_);
    }
    template <std::size_t I>
    const auto& up() const
    {
        return std::get<I>(ups_);
    }
    lane_type& lane(std::size_t i) { return lanes_[i]; }
    const lane_type& lane(std::size_t i) const { return lanes_[i]; }
    pumped over() const { return over_; }
    const lane_type& at_hand() const { return *at_hand_; }

    /// What is known of a partition, as of what was handed over.
    typename lane_type::partition_state of(partition_id p) const
    {
        const auto& known = lanes_[input_of(p)].partitions;
        const auto at = static_cast<std::size_t>(own_number(p));
        return at < known.size() ? known[at] : typename lane_type::partition_state{};
    }

    /// What user code threw, being handled, with the place of the element at hand.
    element_error error_at(partition_id p, std::int64_t offset)
    {
        const auto own = own_number(p);
        std::optional<element_error> error;
        visit(input_of(p), [&](auto i) {
            if constexpr (requires { up<i>().source().error_at(own, offset); })
                error.emplace(up<i>().source().error_at(own, offset));
            else error.emplace("input " + std::to_string(i) + " of merge", own, offset);
        });
        return *error;
    }

private:
    /// Buffers what an input brings: little enough to stay in the processor's cache.
    template <class Up>
    struct fill_sink {
        static constexpr std::size_t most = 1024;
        lane_type* lane;
        Up* up;

        void begin(const batch& b) { lane->waiting.begin(b); }
        bool push(value_type&& v, const element& e)
        {
            if constexpr (timed) lane->waiting.push(std::move(v), e, up->event_time().at_hand());
            else lane->waiting.push(std::move(v), e, {});
            return lane->waiting.size() < most;
        }
        void end(const batch& b) { lane->waiting.end(b); }
        void revoke(partition_id p) { lane->waiting.revoke(p); }
    };

    template <std::size_t I>
    static asio::awaitable<void> feed(merge_state* state)
    {
        auto& s = *state;
        auto& lane = s.lanes_[I];
        auto& up = std::get<I>(s.ups_);
        using up_type = std::remove_reference_t<decltype(up)>;
        while (!is_over(lane.got)) {
            try {
                lane.got = co_await up.pump(fill_sink<up_type>{&lane, &up}, never);
            } catch (...) {
                lane.error = std::current_exception();
                lane.waiting.fail();
                lane.got = pumped::end;
            }
            lane.full = true;
            s.filled_->notify();
            while (lane.full && !is_over(lane.got)) co_await lane.drained->wait();
        }
    }

    /// Passes batches on by their new numbers. They arrive now: what is below must not see one that
    /// came before something that it is done with.
    template <std::size_t I, class Next>
    struct hand_over_sink {
        Next next;
        merge_state* state;
        time_point now;
        partition_id partition = 0;

        void begin(const batch& b)
        {
            partition = renumbered(b.partition, I);
            state->note<I>(b.partition);
            next.begin(as_ours(b));
        }
        bool push(value_type&& v, const element& e)
        {
            try {
                return next.push(std::move(v), e);
            } catch (...) {
                if (e.offset < 0) throw;
                throw state->error_at(partition, e.offset);
            }
        }
        void end(const batch& b) { next.end(as_ours(b)); }
        void revoke(partition_id p)
        {
            // what was read of it is not processed any more
            auto& lane = state->lanes_[I];
            std::erase_if(lane.told.positions, [p](const auto& at) { return at.partition == p; });
            std::erase(lane.seen, p);
            next.revoke(renumbered(p, I));
        }
        batch as_ours(batch b) const
        {
            b.partition = partition;
            b.arrival = now;
            return b;
        }
    };

    template <std::size_t I, class Sink>
    std::optional<pumped> hand_over_from(Sink sink)
    {
        auto& lane = lanes_[I];
        at_hand_ = &lane;
        hand_over_sink<I, Sink> to{sink, this, {}};
        if (!lane.full) {
            lane.waiting.hand_over_revoked(to);
            return std::nullopt;
        }
        to.now = filled_->clock().now();
        if (!lane.waiting.hand_over(to)) return pumped::items;
        lane.full = false;
        if (lane.error) std::rethrow_exception(std::exchange(lane.error, nullptr));
        take_snapshot(up<I>(), lane.told);
        note_partitions<I>();
        if (is_over(lane.got)) end<I>();
        else lane.drained->notify();
        if (is_over(over_)) return over_;
        return lane.got == pumped::timeout ? pumped::timeout : pumped::items;
    }

    template <std::size_t I>
    void note(partition_id p)
    {
        constexpr bool told = requires(std::vector<partition_standing>& into) {
            up<I>().source().standings(into);
        };
        auto& seen = lanes_[I].seen;
        if constexpr (!told)
            if (std::find(seen.begin(), seen.end(), p) == seen.end()) seen.push_back(p);
    }

    template <std::size_t I>
    void note_partitions()
    {
        auto& lane = lanes_[I];
        auto& known = lane.partitions;
        std::fill(known.begin(), known.end(), typename lane_type::partition_state{});
        for (const auto& at : lane.told.positions) {
            const auto p = static_cast<std::size_t>(at.partition);
            if (known.size() <= p) known.resize(p + 1);
            known[p].oldest_window = at.window;
            if constexpr (timed)
                known[p].watermark = up<I>().event_time().watermark_of(at.partition);
        }
        if constexpr (timed)
            lane.watermark = up<I>().event_time().refresh(filled_->clock().now());
    }

    template <std::size_t I>
    void end()
    {
        lanes_[I].over = lanes_[I].got;
        bool stopped = false;
        for (const auto& lane : lanes_) {
            if (!is_over(lane.over)) return;
            stopped = stopped || lane.over == pumped::stop;
        }
        over_ = stopped ? pumped::stop : pumped::end;
    }

    std::tuple<Ups...> ups_;
    std::array<lane_type, count> lanes_;
    lane_type* at_hand_ = lanes_.data();
    std::size_t turn_ = 0;
    pumped over_ = pumped::items;
    std::optional<leash> leash_;
    std::optional<wakeup> filled_;
};

} // namespace corostream::detail
