#pragma once

#include <corostream/core/error.hpp>
#include <corostream/core/pipeline.hpp>
#include <corostream/core/wakeup.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace corostream::testing {

/// One element of a script. Without a time of its own it happens when it arrives.
template <class Value>
struct scripted {
    Value value;
    std::int64_t offset;
    std::optional<time_point> time{};
};

/// What a scripted source was told of: the cursors, in order. Shared between the source and the
/// test.
struct acknowledgements {
    std::vector<cursor> cursors;

    /// The offset last acknowledged of partition `p`; -1 if none was.
    std::int64_t offset(partition_id p) const
    {
        for (auto c = cursors.rbegin(); c != cursors.rend(); ++c)
            for (const auto& at : c->positions)
                if (at.partition == p) return at.offset;
        return -1;
    }
};

/// The stage behind `script`: plays its steps, at most one batch a pump. See there.
template <class Value>
class scripted_source {
public:
    using value_type = Value;

    enum class action : unsigned char {
        deliver,
        wait,
        revoke,
        catch_up,
        fail,
        finish
    };
    struct step {
        action what;
        partition_id partition = 0;           // deliver, revoke, catch_up
        std::vector<scripted<Value>> elements{}; // deliver
        time_point until{};                  // wait
        std::exception_ptr error{};          // fail
        pumped outcome = pumped::end;         // finish
    };

    scripted_source(std::vector<step> steps, std::map<partition_id, resume_point> resumed,
        std::shared_ptr<acknowledgements> acknowledged)
        : steps_(std::move(steps))
        , resumed_(std::move(resumed))
        , acknowledged_(std::move(acknowledged))
    {
        for (const auto& s : steps_)
            if (s.what == action::deliver || s.what == action::catch_up)
                standings_.try_emplace(s.partition, partition_standing{.partition = s.partition});
    }

    template <class Sink>
    asio::awaitable<pumped> pump(Sink sink, time_point until)
    {
        auto executor = co_await asio::this_coro::executor;
        if (!wakeup_) wakeup_ = std::make_unique<wakeup>(executor);
        for (; at_ < steps_.size(); ++at_) {
            // so that a test can cancel before each step
            co_await asio::post(executor, asio::use_awaitable);
            auto& now = steps_[at_];
            if (now.what == action::deliver) {
                deliver(sink, now);
                co_return pumped::items;
            }
            if (now.what == action::finish) co_return now.outcome;
            if (now.what == action::fail) std::rethrow_exception(now.error);
            if (now.what == action::revoke) {
                sink.revoke(now.partition);
                positions_.erase(now.partition);
                standings_.erase(now.partition);
            }
            if (now.what == action::catch_up) {
                standings_[now.partition].caught_up = wakeup_->clock().now();
                ++at_;
                co_return pumped::timeout; // for who waits for that
            }
            while (now.what == action::wait && wakeup_->clock().now() < now.until) {
                if (wakeup_->clock().now() >= until) co_return pumped::timeout;
                co_await wakeup_->wait(std::min(now.until, until));
            }
        }
        co_return pumped::end;
    }

    static std::int64_t hold(partition_id) { return nothing_held; }
    scripted_source& source() { return *this; }

    void snapshot(cursor& into) const
    {
        into.positions.clear();
        for (const auto& [partition, offset] : positions_)
            into.positions.push_back({partition, offset});
    }
    void acknowledge(const cursor& done) { acknowledged_->cursors.push_back(done); }
    /// All partitions of the script that have not been taken away.
    void standings(std::vector<partition_standing>& into) const
    {
        for (const auto& [partition, standing] : standings_) into.push_back(standing);
    }
    resume_point resumed(partition_id p) const
    {
        const auto at = resumed_.find(p);
        return at == resumed_.end() ? resume_point{} : at->second;
    }
    /// What user code threw, being handled, with the place of the element at hand.
    static element_error error_at(partition_id p, std::int64_t offset)
    {
        return {"script", p, offset};
    }

private:
    template <class Sink>
    void deliver(Sink sink, step& now)
    {
        auto& position = positions_[now.partition];
        standings_[now.partition].partition = now.partition; // also when it comes back
        batch b{
            .partition = now.partition, .arrival = wakeup_->clock().now(), .next_offset = position};
        sink.begin(b);
        for (bool wanted = true; wanted && next_ < now.elements.size();) {
            auto& [value, offset, time] = now.elements[next_++];
            try {
                wanted = sink.push(std::move(value), element{time.value_or(b.arrival), offset});
            } catch (...) {
                throw element_error("script", now.partition, offset);
            }
            b.next_offset = offset + 1;
        }
        position = b.next_offset;
        sink.end(b);
        if (next_ == now.elements.size()) {
            next_ = 0;
            ++at_;
        }
    }

    std::vector<step> steps_;
    std::size_t at_ = 0, next_ = 0; // the step, and the element of its batch
    std::map<partition_id, resume_point> resumed_;
    std::shared_ptr<acknowledgements> acknowledged_;
    std::map<partition_id, std::int64_t> positions_;
    std::map<partition_id, partition_standing> standings_;
    std::unique_ptr<wakeup> wakeup_;
};

/// A source for tests that does what it is told, step by step and on the clock of its context:
///
///     auto counts = script<int>().batch(0, 10, {1, 2}).wait_until(at).revoke(0).stream() |
///     window(4s) | count();
///
/// A batch that is due is delivered, whatever the deadline; what the stages below leave unread is
/// read by the next pump. A script that runs out ends the stream. Errors: those of `fail`; an
/// exception from a stage comes as `element_error` of the source "script". Cancellation: all types,
/// before every step and in waits.
template <class Value>
class script {
    using source = scripted_source<Value>;

public:
    /// A batch of partition `p`.
    script& batch(partition_id p, std::vector<scripted<Value>> elements)
    {
        return add({.what = action::deliver, .partition = p, .elements = std::move(elements)});
    }
    /// A batch of partition `p` whose offsets count from `first_offset`.
    script& batch(partition_id p, std::int64_t first_offset, std::vector<Value> values)
    {
        std::vector<scripted<Value>> elements;
        for (auto&& v : values) elements.push_back({Value(std::move(v)), first_offset++});
        return batch(p, std::move(elements));
    }
    /// The same, each with the time when it happened.
    script& timed(partition_id p, std::int64_t first_offset,
        std::vector<std::pair<Value, duration>> values)
    {
        std::vector<scripted<Value>> elements;
        for (auto&& [v, since_epoch] : values)
            elements.push_back({Value(std::move(v)), first_offset++, time_point(since_epoch)});
        return batch(p, std::move(elements));
    }
    /// It is proved that nothing of partition `p` is left to read.
    script& caught_up(partition_id p) { return add({.what = action::catch_up, .partition = p}); }
    /// Partition `p` goes on after a restart.
    script& resume(partition_id p, const resume_point& from)
    {
        resumed_[p] = from;
        return *this;
    }
    /// Nothing comes until `moment`; a pump with an earlier deadline times out.
    script& wait_until(time_point moment) { return add({.what = action::wait, .until = moment}); }
    /// Partition `p` is taken away.
    script& revoke(partition_id p) { return add({.what = action::revoke, .partition = p}); }
    /// The source fails.
    script& fail(std::exception_ptr error)
    {
        return add({.what = action::fail, .error = std::move(error)});
    }
    /// The input is over, for good.
    script& end() { return add({.what = action::finish}); }
    /// A graceful stop, for good.
    script& stop() { return add({.what = action::finish, .outcome = pumped::stop}); }

    /// The script as a stream; the script is empty then.
    auto stream()
    {
        return pipeline<source>(source(std::exchange(steps_, {}), resumed_, acknowledged_));
    }

    /// Where the source records the cursors it is told of.
    std::shared_ptr<const acknowledgements> acknowledged() const { return acknowledged_; }

private:
    using action = typename source::action;

    script& add(typename source::step next)
    {
        steps_.push_back(std::move(next));
        return *this;
    }

    std::vector<typename source::step> steps_;
    std::map<partition_id, resume_point> resumed_;
    std::shared_ptr<acknowledgements> acknowledged_ = std::make_shared<acknowledgements>();
};

} // namespace corostream::testing
