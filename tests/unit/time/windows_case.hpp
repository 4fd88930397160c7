#pragma once

// Cases for windows by event time, and what drives them as the stages do.

#include "window_oracle.hpp"

#include <corostream/core/cursor.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/judged_before.hpp>
#include <corostream/time/event_clock.hpp>
#include <corostream/time/window_result.hpp>
#include <support/environment.hpp>
#include <support/random_source.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace windows_property {

using cs::detail::verdict;
using oracle::record;

using row = std::pair<int, oracle::members>;

inline cs::time_point at(std::int64_t since) { return cs::time_point(cs::duration(since)); }
inline std::int64_t since(cs::time_point t) { return t.time_since_epoch().count(); }

/// What all kinds are tried on.
struct workload {
    oracle::log log;
    int partitions;
    std::int64_t bound;
    bool emit_empty;

    static workload pick(random_source& random)
    {
        workload w{.log = {},
            .partitions = static_cast<int>(random.pick(1, 4)),
            .bound = random.one_in(3) ? 0 : random.pick(0, 10),
            .emit_empty = random.one_in(4)};
        const auto keys = static_cast<int>(random.pick(1, 4));
        const auto disorder = random.pick(0, 30), pace = random.pick(0, 6);
        // around the epoch, before it, now, and as far as times go
        const std::int64_t begins[] = {0, 0, -40, -4'000'000'000'000'000, 1'700'000'000'000'000,
            std::int64_t{1} << 61, -(std::int64_t{1} << 61)};
        const auto begin = begins[random.pick(0, 6)];
        const auto records = random.one_in(8) ? random.pick(0, 2) : random.pick(1, 40);
        std::vector<std::int64_t> now, offsets;
        for (int p = 0; p < w.partitions; ++p) {
            now.push_back(begin + random.pick(0, 20));
            offsets.push_back(random.pick(0, 5));
        }
        for (int i = 0; i < records; ++i) {
            const auto p = static_cast<std::size_t>(random.pick(0, w.partitions - 1));
            now[p] += random.pick(0, pace);
            // years ahead, which makes nearly everything late
            if (!w.emit_empty && random.one_in(200)) now[p] += 1'000'000'000'000'000;
            const auto time = random.one_in(3) ? now[p] - random.pick(0, disorder) : now[p];
            w.log.push_back({static_cast<cs::partition_id>(p), offsets[p], time,
                static_cast<int>(random.pick(1, keys)), i});
            offsets[p] += random.one_in(6) ? random.pick(2, 4) : 1;
        }
        oracle::sort(w.log);
        return w;
    }
};

/// What a restart finds.
struct checkpoint {
    std::int64_t offset = std::numeric_limits<std::int64_t>::min();
    cs::resume_point resume{};
};

/// Drives the windows as the stages do, over a log read in random turns and batches.
template <class State>
class driver {
public:
    driver(const workload& work, State state, std::map<cs::partition_id, checkpoint> from = {},
        cs::duration idle_after = cs::duration::max())
        : work_(work)
        , state_(std::move(state))
        , clock_(cs::duration(work.bound), idle_after)
        , from_(std::move(from))
    {
        for (int p = 0; p < work.partitions; ++p) {
            standings_.push_back({.partition = p});
            auto& left = left_.emplace_back();
            for (const auto& r : work.log)
                if (r.partition == p && r.offset >= from_[p].offset) left.push_back(r);
        }
    }

    /// A pump; false if nothing is left to read.
    bool pump(random_source& random)
    {
        std::vector<std::size_t> more;
        for (std::size_t p = 0; p < left_.size(); ++p)
            if (!left_[p].empty()) more.push_back(p);
        if (more.empty()) return false;
        auto& left = left_[more[static_cast<std::size_t>(
            random.pick(0, static_cast<std::int64_t>(more.size()) - 1))]];
        const auto size = std::min(left.size(), static_cast<std::size_t>(random.pick(1, 12)));
        batch(left.front().partition, left, size);
        left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(size));
        wanted_ = false;
        if (random.one_in(4)) return true; // a pump may bring several batches
        fire(random);
        if (random.one_in(4)) snapshot(); // as for a commit, which lets go of what it tells
        return true;
    }

    /// Time goes by, and it is proved of some partitions that they have nothing more for now.
    void idle(random_source& random)
    {
        for (const auto& s : standings_) know(s.partition);
        now_ += cs::duration(random.pick(0, 8));
        for (auto& s : standings_)
            if (random.one_in(3) && !is_behind(s.partition)) s.caught_up = now_;
        if (random.one_in(3)) return;
        fire(random);
    }
    void begin_at(std::int64_t now) { now_ = at(now); }
    std::int64_t now() const { return since(now_); }
    /// How late records may be for windows that are out.
    void allow(std::int64_t late) { allowed_ = cs::duration(late); }

    /// The watermark of the stream and those of its partitions.
    std::vector<cs::time_point> watermarks() const
    {
        std::vector all{clock_.watermark()};
        for (const auto& s : standings_) all.push_back(clock_.of(s.partition));
        return all;
    }

    void finish(random_source& random)
    {
        clock_.update(standings_, now_);
        do state_.flush(clock_.watermark(), emit(random));
        while (state_.next_end() != cs::never);
        std::sort(seen_.late.begin(), seen_.late.end());
    }

    /// As `window_stage` does.
    std::map<cs::partition_id, checkpoint> snapshot()
    {
        auto all = from_;
        for (const auto& s : standings_) {
            const auto p = s.partition;
            know(p);
            const auto held = state_.hold(p);
            auto& c = all[p];
            const auto read = next_of(p);
            c.offset = std::min(read, held.offset);
            c.resume.emitted = std::max({c.resume.emitted, state_.emitted(p), out(p)});
            c.resume.seen = std::max({c.resume.seen, read, state_.seen(p)});
            if (held.offset == c.offset) c.resume.watermark = held.watermark;
            else if (c.offset == read)
                c.resume.watermark = std::max(c.resume.watermark, clock_.of(p));
            if constexpr (requires { state_.cuts(p, c.offset); })
                if (state_.owns(p)) c.resume.cuts = state_.cuts(p, c.offset);
            c.resume.raised = raised_[p];
        }
        return all;
    }

    const oracle::outcome& seen() const { return seen_; }
    /// The log, with what was out when each record came.
    const oracle::log& judged() const { return judged_; }

    /// Whether all that was due is out.
    bool may_peek() const { return wanted_; }
    /// All that is told early then; not part of `seen`.
    std::vector<oracle::result> peek(random_source& random)
    {
        const auto before = static_cast<std::ptrdiff_t>(seen_.results.size());
        while (!state_.peek(emit(random))) {}
        const auto first = seen_.results.begin() + before;
        std::vector told(first, seen_.results.end());
        seen_.results.erase(first, seen_.results.end());
        return told;
    }

private:
    /// Records are left that were there before a restart.
    bool is_behind(cs::partition_id p)
    {
        const auto& left = left_[static_cast<std::size_t>(p)];
        return !left.empty() && left.front().offset < from_[p].resume.seen;
    }
    std::int64_t next_of(cs::partition_id p)
    {
        return read_.contains(p) ? read_[p] : from_[p].offset;
    }
    void know(cs::partition_id p)
    {
        if (clock_.knows(p)) return;
        clock_.resume(p, from_[p].resume.watermark);
        before_.resume(p, cs::resume_point(from_[p].resume));
        raised_[p] = from_[p].resume.raised;
    }

    void batch(cs::partition_id p, const std::vector<record>& records, std::size_t size)
    {
        know(p);
        clock_.open(p, now_);
        if (!state_.owns(p)) {
            state_.resume(p, from_[p].resume.emitted, from_[p].resume.seen);
            if constexpr (requires { state_.cuts(p, 0); })
                state_.resume_cuts(p, from_[p].resume.cuts);
        }
        state_.open(p);
        for (std::size_t i = 0; i < size; ++i) {
            const auto& r = records[i];
            clock_.raise(before_.raised(p, r.offset));
            clock_.observe(at(r.time));
            judged_.push_back(r);
            judged_.back().out
                = std::max(since(clock_.at_hand()), since(state_.emitted(p)));
            const auto found = state_.add(
                {at(r.time), clock_.at_hand(), r.offset}, row(r.key, oracle::members::of(r)));
            if (found == verdict::late) seen_.late.emplace_back(p, r.offset);
            read_[p] = r.offset + 1;
        }
    }

    void fire(random_source& random)
    {
        wanted_ = true;
        clock_.update(standings_, now_);
        for (const auto& s : standings_)
            if (clock_.take_raised(s.partition))
                raised_[s.partition].push_back({next_of(s.partition), clock_.of(s.partition)});
        state_.fire(clock_.watermark(), emit(random));
        if (state_.next_end() > clock_.watermark()) reached_ = clock_.watermark();
    }
    /// Windows that are out also of a partition that has brought nothing, since it was idle.
    cs::time_point out(cs::partition_id p) const
    {
        if (clock_.idle_after() == cs::duration::max()) return cs::time_point::min();
        const auto out = std::min({reached_, clock_.of(p), state_.next_end() - cs::duration(1)});
        return cs::time_before(out, allowed_);
    }

    auto emit(random_source& random)
    {
        return [this, &random](auto&& r) {
            const bool early = r.emission() == cs::emission::early;
            seen_.results.push_back({since(r.begin_time()), since(r.end_time()), early, {}});
            seen_.results.back().again = r.emission() == cs::emission::update;
            seen_.results.back().back = r.emission() == cs::emission::retracted;
            for (const auto& [key, value] : r) seen_.results.back().rows.emplace_back(key, value);
            return wanted_ = !random.one_in(5); // no more for now
        };
    }

    const workload& work_;
    State state_;
    cs::time_point reached_ = cs::time_point::min(); // windows that end by then are out
    bool wanted_ = false; // all that was due has been told, and more could have been
    cs::event_clock clock_;
    cs::time_point now_{};
    std::vector<cs::partition_standing> standings_;
    std::map<cs::partition_id, checkpoint> from_;
    std::vector<std::vector<record>> left_;
    cs::duration allowed_{};
    std::map<cs::partition_id, std::int64_t> read_;
    cs::detail::judged_before before_;
    std::map<cs::partition_id, std::vector<cs::timed_place>> raised_;
    oracle::outcome seen_;
    oracle::log judged_;
};

/// Tries `property` on so many cases. One that fails prints WINDOWS_SEED=n; with that in the
/// environment only this case is run. WINDOWS_CASES sets how many there are, WINDOWS_FROM the
/// first.
inline void repeat(void (*property)(unsigned), unsigned cases)
{
    const auto only = number_from_environment("WINDOWS_SEED", 0);
    const auto first = number_from_environment("WINDOWS_FROM", 1);
    const auto last = first + number_from_environment("WINDOWS_CASES", cases);
    for (auto seed = only ? only : first; seed < (only ? only + 1 : last); ++seed) {
        property(seed);
        if (testing::Test::HasFailure()) FAIL() << "WINDOWS_SEED=" << seed;
    }
}

constexpr unsigned each = 20'000, many = 200'000;

} // namespace windows_property
