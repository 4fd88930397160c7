#pragma once

#include <corostream/core/clock.hpp>
#include <corostream/core/cursor.hpp>
#include <corostream/core/pipeline.hpp>
#include <corostream/core/wakeup.hpp>
#include <corostream/kafka/detail/resume_text.hpp>
#include <corostream/kafka/offsets.hpp>
#include <support/task.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <ostream>
#include <utility>
#include <vector>

/// What a group knows of a partition: an offset, and what a restart there has to know.
struct log_commit {
    std::int64_t offset = -1;
    cs::resume_point resume{};

    friend bool operator==(const log_commit&, const log_commit&) = default;
    friend void PrintTo(const log_commit& c, std::ostream* out)
    {
        *out << c.offset << " with '" << cs::kafka::detail::to_text(c.resume) << '\'';
    }
};

template <class Value>
class log_source;

/// A log whose reader keeps its books as the real consumer does, in a `kafka::offsets`: for tests
/// of crashes, rebalances and stops. Each pump of its stream is a step, which may do all that is
/// below. Without another step it waits for what is due, and is stopped then. Must outlive its
/// stream.
template <class Value>
class log_reader {
    friend class log_source<Value>;

public:
    struct entry {
        std::int64_t offset;
        cs::time_point time;
        Value value;
    };
    using entries = std::vector<entry>;

    /// What the next pump does, and how it comes out; what it throws ends the stream.
    log_reader& then(std::function<cs::pumped()> step)
    {
        steps_.push_back(std::move(step));
        return *this;
    }
    /// The next pump brings a batch, and nothing else.
    log_reader& then_give(cs::partition_id p, entries batch, std::int64_t next = -1)
    {
        return then([=, this] { return give(p, batch, next); });
    }

    auto stream()
    {
        using source = log_source<Value>;
        return cs::pipeline<source>(source(*this));
    }

    // ---- at any time

    /// The partition is read from now on.
    void open(cs::partition_id p, const log_commit& from = {})
    {
        books_.open(p, from.offset, from.resume);
        standings_.push_back({.partition = p});
    }
    /// Commits of `p` what is acknowledged, if that is new. What goes with the offset takes the way
    /// through the group's metadata.
    void commit(cs::partition_id p, log_commit& group)
    {
        const auto offset = books_.to_commit(p);
        if (offset < 0) return;
        const auto& resume = books_.resume_to_commit(p);
        const auto text = cs::kafka::detail::to_text(resume);
        group = {offset, cs::kafka::detail::resume_from(text).value()};
        books_.committed(p, offset, resume);
    }
    /// Lets go of a partition that was revoked, once nothing of it is in flight; returns whether.
    bool close(cs::partition_id p, log_commit& group)
    {
        if (books_.in_flight(p)) return false;
        commit(p, group);
        books_.close(p);
        return true;
    }

    // ---- in a step

    /// A batch of `p`, whether all of it is wanted or not. The log goes on at `next`, or right
    /// after the last entry.
    cs::pumped give(cs::partition_id p, entries batch, std::int64_t next = -1)
    {
        give_(p, std::move(batch), next);
        return cs::pumped::items;
    }
    /// It is proved that at `now` there was nothing more of `p`.
    void prove_empty(cs::partition_id p, cs::time_point now)
    {
        for (auto& s : standings_)
            if (s.partition == p) s.caught_up = now;
    }
    /// All of a bounded read of `p` has been given.
    void finish(cs::partition_id p)
    {
        for (auto& s : standings_) s.finished = s.finished || s.partition == p;
    }
    /// Takes a partition away: what the stages have of it is dropped.
    void revoke(cs::partition_id p)
    {
        books_.give_up(p);
        std::erase_if(standings_, [p](const auto& s) { return s.partition == p; });
        revoke_(p);
    }

private:
    cs::kafka::offsets books_;
    std::vector<cs::partition_standing> standings_;
    std::deque<std::function<cs::pumped()>> steps_;
    // what a pump makes of these
    std::function<void(cs::partition_id, entries, std::int64_t)> give_;
    std::function<void(cs::partition_id)> revoke_;
};

/// The stage behind `log_reader`.
template <class Value>
class log_source {
    using reader = log_reader<Value>;

public:
    using value_type = Value;

    explicit log_source(reader& of)
        : reader_(&of)
    {
    }

    template <class Sink>
    asio::awaitable<cs::pumped> pump(Sink sink, cs::time_point until)
    {
        auto executor = co_await asio::this_coro::executor;
        co_await asio::post(executor, asio::use_awaitable); // the others' turn
        auto got = cs::pumped::stop;
        if (!reader_->steps_.empty()) {
            const auto now = cs::clock::of(executor).now();
            got = step(sink, now);
        } else if (until != cs::never) {
            cs::wakeup silence(executor);
            co_await silence.wait(until);
            got = cs::pumped::timeout;
        }
        reader_->books_.pumped();
        co_return got;
    }

    static std::int64_t hold(cs::partition_id) { return cs::nothing_held; }
    log_source& source() { return *this; }
    void snapshot(cs::cursor& into) { reader_->books_.snapshot(into); }
    void acknowledge(const cs::cursor& done) { reader_->books_.acknowledge(done); }
    static bool commits() { return true; }
    void standings(std::vector<cs::partition_standing>& into) const
    {
        into.insert(into.end(), reader_->standings_.begin(), reader_->standings_.end());
    }
    cs::resume_point resumed(cs::partition_id p) const { return reader_->books_.resumed(p); }
    void refuse(cs::partition_id p, const cs::timed_place& what)
    {
        reader_->books_.refuse(p, what);
    }
    void raise(cs::partition_id p, cs::time_point to) { reader_->books_.raise(p, to); }

private:
    template <class Sink>
    cs::pumped step(Sink& sink, cs::time_point now)
    {
        auto& books = reader_->books_;
        reader_->revoke_ = [&sink](cs::partition_id p) { sink.revoke(p); };
        reader_->give_ = [&](cs::partition_id p, auto batch, std::int64_t next) {
            cs::batch b{.partition = p, .arrival = now, .next_offset = books.position_of(p)};
            const auto first = batch.empty() ? next : batch.front().offset;
            sink.begin(b);
            for (auto& e : batch) {
                sink.push(std::move(e.value), cs::element{e.time, e.offset});
                b.next_offset = e.offset + 1;
            }
            b.next_offset = std::max(b.next_offset, next);
            if (b.next_offset >= 0) books.advance(p, first, b.next_offset, now);
            sink.end(b);
        };
        const auto next = std::move(reader_->steps_.front());
        reader_->steps_.pop_front();
        return next();
    }

    reader* reader_;
};
