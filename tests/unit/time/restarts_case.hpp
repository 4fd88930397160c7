#pragma once

#include <corostream/core/run.hpp>
#include <corostream/operators/aggregate.hpp>
#include <corostream/operators/by_key.hpp>
#include <corostream/operators/merge.hpp>
#include <corostream/operators/split.hpp>
#include <corostream/sinks/for_each.hpp>
#include <corostream/time/event_time.hpp>
#include <corostream/time/window_result.hpp>
#include <support/log_source.hpp>
#include <support/random_source.hpp>
#include <support/virtual_run.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <ostream>
#include <set>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

/// Cases for programs that crash, are stopped, and lose partitions and get them back, at random.
namespace restarts {

struct event {
    int number, key;
    cs::time_point time;
};
using reader = log_reader<event>;
using numbers = std::vector<int>;
using topic = std::vector<reader::entries>; // by partition

/// What there is to read.
struct workload {
    std::vector<topic> topics;
    cs::duration bound{};

    /// Where partitions go from one to another, a key has to be of one of them: of several ones, a
    /// window would be told in parts.
    static workload pick(random_source& random, std::size_t topics, bool key_in_one_partition)
    {
        workload w;
        w.bound = cs::duration(random.one_in(3) ? 0 : random.pick(0, 10));
        int number = 0;
        for (std::size_t t = 0; t < topics; ++t) w.topics.push_back(pick_topic(random, number));
        for (std::size_t t = 0; key_in_one_partition && t < topics; ++t)
            for (std::size_t p = 0; p < w.topics[t].size(); ++p)
                for (auto& e : w.topics[t][p])
                    e.value.key = e.value.key * 100 + static_cast<int>(10 * t + p);
        return w;
    }

private:
    static topic pick_topic(random_source& random, int& number)
    {
        struct end {
            std::int64_t time, offset;
        };
        topic t(static_cast<std::size_t>(random.pick(1, 4)));
        const auto keys = random.pick(1, 4), disorder = random.pick(0, 30);
        const auto pace = random.pick(0, 6), begin = random.pick(0, 1) * 1'000'000;
        std::vector<end> ends;
        for (std::size_t p = 0; p < t.size(); ++p)
            ends.push_back({begin + random.pick(0, 20), random.pick(0, 5)});
        for (auto records = random.pick(1, 60); records > 0; --records) {
            const auto p = random.index(t.size());
            auto& [now, offset] = ends[p];
            now += random.pick(0, pace);
            const auto ago = random.one_in(3) ? random.pick(0, disorder) : 0;
            const cs::time_point time(cs::duration(now - ago));
            const auto key = static_cast<int>(random.pick(1, keys));
            t[p].push_back({offset, time, {number++, key, time}});
            offset += random.one_in(6) ? random.pick(2, 4) : 1;
        }
        return t;
    }
};

/// What goes wrong.
struct trouble {
    bool crashes = false, rebalances = false, stops = false;

    friend std::ostream& operator<<(std::ostream& out, const trouble& t)
    {
        return out << (t.crashes ? " crashes" : "") << (t.rebalances ? " rebalances" : "")
                   << (t.stops ? " stops" : "");
    }
};

struct crash : std::exception {
    const char* what() const noexcept override { return "crash"; }
};

/// Of which job, begin, end and key; -1 is a window without any.
using window_key = std::tuple<int, std::int64_t, std::int64_t, int>;

/// What has come of it.
struct outcome {
    std::map<window_key, numbers> last; // told of each
    std::multiset<window_key> told;     // how often
    std::multiset<int> late;
    std::set<int> passed; // a job without windows
};

/// What a group knows of the partitions of a topic.
using group = std::map<cs::partition_id, log_commit>;

/// Reads a topic as the one member of a group that is left or as one of several, in random turns
/// and batches, and commits now and then.
class member {
public:
    member(const topic& log, group& known, trouble what, bool& stopping, random_source& random)
        : log_(log)
        , known_(known)
        , what_(what)
        , stopping_(stopping)
        , random_(random)
        , at_(log.size())
    {
        for (cs::partition_id p = 0; p < partitions(); ++p)
            if (!what.rebalances || random.one_in(2)) open(p);
        if (owned_.empty()) open(0);
        reader_.then([this] { return step(); });
    }
    member(const member&) = delete;
    member& operator=(const member&) = delete;
    ~member() = default;

    auto stream() { return reader_.stream(); }
    void commit()
    {
        for (const auto p : owned_) reader_.commit(p, known_[p]);
    }

private:
    cs::partition_id partitions() const { return static_cast<cs::partition_id>(log_.size()); }
    const reader::entries& log(cs::partition_id p) const
    {
        return log_[static_cast<std::size_t>(p)];
    }
    std::size_t& at(cs::partition_id p) { return at_[static_cast<std::size_t>(p)]; }
    cs::partition_id any() { return static_cast<cs::partition_id>(random_.index(log_.size())); }

    void open(cs::partition_id p)
    {
        const auto& from = known_[p];
        reader_.open(p, from);
        at(p) = 0;
        while (at(p) < log(p).size() && log(p)[at(p)].offset < from.offset) ++at(p);
        owned_.insert(p);
    }

    cs::pumped step()
    {
        if (++steps_ > 3'000) throw std::logic_error("reads for ever");
        reader_.then([this] { return step(); });
        if (random_.one_in(3)) commit();
        std::erase_if(closing_, [this](auto p) { return reader_.close(p, known_[p]); });
        if (what_.crashes && random_.one_in(12)) throw crash();
        if (what_.stops && random_.one_in(12)) stopping_ = true;
        if (stopping_) return cs::pumped::stop;
        if (what_.rebalances) rebalance();
        return read();
    }

    void rebalance()
    {
        if (const auto p = any(); random_.one_in(8) && owned_.size() > 1 && owned_.erase(p)) {
            reader_.revoke(p);
            closing_.insert(p);
        }
        if (random_.one_in(4)) open_if_free(any());
    }
    void open_if_free(cs::partition_id p)
    {
        if (!owned_.contains(p) && !closing_.contains(p)) open(p);
    }

    cs::pumped read()
    {
        std::vector<cs::partition_id> more;
        for (const auto p : owned_)
            if (at(p) < log(p).size()) more.push_back(p);
        if (more.empty()) {
            if (owned_.size() == log_.size()) return cs::pumped::end;
            for (cs::partition_id p = 0; p < partitions(); ++p) open_if_free(p);
            return cs::pumped::items;
        }
        const auto p = more[random_.index(more.size())];
        const auto size = random_.pick(random_.one_in(5) ? 0 : 1, 12);
        const auto begin = at(p);
        at(p) = std::min(log(p).size(), begin + static_cast<std::size_t>(size));
        if (at(p) == log(p).size()) reader_.finish(p);
        const auto first = log(p).begin();
        return reader_.give(p, {std::next(first, static_cast<std::ptrdiff_t>(begin)),
                                   std::next(first, static_cast<std::ptrdiff_t>(at(p)))});
    }

    reader reader_;
    const topic& log_;
    group& known_;
    trouble what_;
    bool& stopping_; // all that the program reads
    random_source& random_;
    std::vector<std::size_t> at_;                // the entry to read next, by partition
    std::set<cs::partition_id> owned_, closing_; // revoked, and something of them is in flight
    int steps_ = 0;
};

/// A run of the program under test, until it is through or something goes wrong.
class attempt {
public:
    attempt(const workload& work, trouble what, std::vector<group>& known, outcome& seen,
        random_source& random)
        : work_(work)
        , what_(what)
        , seen_(seen)
        , random_(random)
    {
        known.resize(work.topics.size());
        for (std::size_t t = 0; t < work.topics.size(); ++t)
            members_.push_back(
                std::make_unique<member>(work.topics[t], known[t], what, stopping_, random));
    }

    /// A topic, with event time or without.
    auto plain(std::size_t i) { return members_[i]->stream(); }
    auto by_time() const { return cs::event_time(&event::time, work_.bound); }
    auto timed(std::size_t i) { return plain(i) | by_time(); }
    auto late()
    {
        return [seen = &seen_](const event& e) { seen->late.insert(e.number); };
    }
    auto pass()
    {
        return cs::for_each([seen = &seen_](const event& e) { seen->passed.insert(e.number); });
    }
    auto tell(int job = 0)
    {
        return cs::for_each([seen = &seen_, job](auto&& w) { take(*seen, job, w); });
    }
    /// The same, but it takes its time: what is acknowledged falls behind.
    template <class Windows>
    void start_slowly(Windows windows, int job)
    {
        start_task(tell_slowly(std::move(windows), &seen_, job, &random_));
    }

    template <class Job>
    void start(Job job)
    {
        cs::run(run_.io.get_executor(), std::move(job), one_more());
    }
    /// Returns whether all was read.
    bool finish()
    {
        for (bool waits = true; waits && running_ > 0;) waits = run_.clock.advance_to_next();
        EXPECT_EQ(running_, 0) << "it waits for ever";
        if (what_.stops) // it commits what is done when it goes
            for (const auto& m : members_) m->commit();
        return !failed_ && !stopping_;
    }

private:
    template <class Window>
    static void take(outcome& seen, int job, const Window& w)
    {
        const bool gone = w.emission() == cs::emission::retracted;
        const auto add = [&](int key, numbers of) {
            std::sort(of.begin(), of.end());
            const window_key at(job, w.begin_time().time_since_epoch().count(),
                w.end_time().time_since_epoch().count(), key);
            if (gone) seen.last.erase(at);
            else seen.last[at] = std::move(of);
            seen.told.insert(at);
        };
        for (const auto& [key, of] : w) add(key, of);
        if (w.empty()) add(-1, {});
    }
    template <class Windows>
    static asio::awaitable<void> tell_slowly(
        Windows windows, outcome* seen, int job, random_source* random)
    {
        while (auto w = co_await windows.next()) {
            take(*seen, job, *w);
            const auto executor = co_await asio::this_coro::executor;
            for (auto turns = random->pick(0, 30); turns > 0; --turns)
                co_await asio::post(executor, asio::use_awaitable);
        }
    }
    void start_task(asio::awaitable<void> task)
    {
        asio::co_spawn(run_.io, std::move(task), one_more());
    }
    /// Something runs until it calls that.
    std::function<void(const std::exception_ptr&)> one_more()
    {
        ++running_;
        return [this](const std::exception_ptr& error) {
            --running_;
            if (error) note(error);
        };
    }
    void note(const std::exception_ptr& error)
    {
        failed_ = true;
        try {
            std::rethrow_exception(error);
        } catch (const crash&) {
        } catch (...) {
            ADD_FAILURE() << text_of(error);
        }
    }

    const workload& work_;
    trouble what_;
    outcome& seen_;
    random_source& random_;
    bool stopping_ = false, failed_ = false;
    int running_ = 0;
    std::vector<std::unique_ptr<member>> members_;
    virtual_run run_;
};

inline auto numbers_by_key()
{
    const auto join = [](numbers& into, numbers&& from) {
        into.insert(into.end(), from.begin(), from.end());
    };
    return cs::by_key([](const event& e) { return e.key; },
        cs::aggregate(
            numbers(), [](numbers& into, const event& e) { into.push_back(e.number); }, join));
}

} // namespace restarts
