#pragma once

#include "median.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

/// Runs the contenders in turn, the reference first, and reports the medians: its own time for each
/// (nanoseconds an item) and its time against the reference's, so that what the machine does
/// meanwhile hits all alike.
class side_by_side {
public:
    side_by_side(benchmark::State& state, std::size_t items)
        : state_(state)
        , items_(items)
    {
    }

    /// Call once an iteration for each contender, always in the same order. Returns what `work`
    /// returns.
    template <class Work>
    auto measure(const std::string& name, Work work)
    {
        const auto begin = this_threads_time();
        auto result = work();
        const auto took = this_threads_time() - begin;
        benchmark::DoNotOptimize(std::as_const(result));
        const auto known = std::find_if(
            runs_.begin(), runs_.end(), [&](const auto& r) { return r.name == name; });
        auto& run = known == runs_.end() ? runs_.emplace_back(contender{name, {}}) : *known;
        run.seconds.push_back(took);
        if (&run == &runs_.back()) state_.SetIterationTime(took);
        return result;
    }

    ~side_by_side()
    {
        for (const auto& r : runs_) {
            state_.counters[r.name + "_ns"] = median(r.seconds) / static_cast<double>(items_) * 1e9;
            if (&r == &runs_.front()) continue;
            std::vector<double> ratios;
            for (std::size_t i = 0; i < r.seconds.size(); ++i)
                ratios.push_back(r.seconds[i] / runs_.front().seconds[i]);
            state_.counters[r.name + "_time_ratio"] = median(ratios);
        }
    }
    side_by_side(const side_by_side&) = delete;
    side_by_side& operator=(const side_by_side&) = delete;

private:
    struct contender {
        std::string name;
        std::vector<double> seconds;
    };

    static double this_threads_time() // what others do to the machine is not counted
    {
        std::timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
    }

    benchmark::State& state_;
    std::size_t items_;
    std::vector<contender> runs_;
};
