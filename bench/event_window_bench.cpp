// event_time(bound) | window(...) | count_by against loops by hand that come to the same results:
// tumbling windows with a boost::unordered_flat_map for each, sessions in a hash map with a queue
// of their ends, windows that slide with each event over a deque a key. Hopping windows against
// our own tumbling ones.

#include "side_by_side.hpp"
#include "string_tables.hpp"
#include "timed_records.hpp"
#include "tumbling_by_hand.hpp"

#include <corostream/operators/count_by.hpp>
#include <corostream/time/event_time.hpp>
#include <corostream/time/hopping.hpp>
#include <corostream/time/session.hpp>
#include <corostream/time/sliding.hpp>
#include <corostream/time/tumbling.hpp>
#include <corostream/time/window.hpp>

#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <queue>
#include <string>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

struct totals {
    std::size_t rows = 0;
    std::int64_t count = 0;
    std::uint64_t check = 0; // which counts came of which key in which windows
    friend bool operator==(const totals&, const totals&) = default;

    void add(cs::time_point begin, cs::time_point end, std::string_view name, std::int64_t n)
    {
        ++rows;
        count += n;
        const auto bounds = begin.time_since_epoch().count() + 3 * end.time_since_epoch().count();
        const auto key = static_cast<std::uint64_t>(name.size()) * 256
                       + static_cast<unsigned char>(name.back());
        check += (static_cast<std::uint64_t>(bounds) + key) * static_cast<std::uint64_t>(2 * n + 1);
    }
};

template <class Windows>
totals with_corostream(const timed_records& in, Windows windows, cs::duration bound)
{
    totals seen;
    read_through(in, cs::event_time(bound) | cs::window(windows) | cs::count_by(std::identity()),
        [&](const auto& window) {
            for (const auto& [name, n] : window)
                seen.add(window.begin_time(), window.end_time(), name, n);
        });
    return seen;
}

using tumbling_loop = tumbling_by_hand<flat_map<std::int64_t>>;

totals tumbling_with_a_loop(const timed_records& in, cs::duration bound)
{
    totals seen;
    const auto emit = [&](cs::time_point begin, const auto& counts) {
        for (const auto& [name, n] : counts)
            seen.add(begin, begin + tumbling_loop::size, name, n);
    };
    watermarks at(in.partitions.size());
    tumbling_loop windows(bound);
    timed_reader r(in);
    for (timed_reader::batch b{}; r.next(b);) {
        auto watermark = at.of(b.partition);
        for (; b.begin != b.end; ++b.begin)
            windows.add(b.begin->time + b.later, b.begin->name, watermark);
        at.of(b.partition) = watermark;
        windows.emit_until(at.lowest(), emit);
    }
    windows.emit_until(cs::never, emit);
    return seen;
}

/// Sessions: a hash map finds those of a key, and a queue has their ends to look at.
class session_by_hand {
public:
    totals run(const timed_records& in, cs::duration bound, cs::duration gap)
    {
        watermarks at(in.partitions.size());
        timed_reader r(in);
        for (timed_reader::batch b{}; r.next(b);) {
            auto watermark = at.of(b.partition);
            for (; b.begin != b.end; ++b.begin) {
                const auto time = b.begin->time + b.later;
                watermark = std::max(watermark, time - bound);
                if (time + gap <= watermark) continue;
                auto known = numbers_.find(b.begin->name);
                if (known == numbers_.end())
                    known = numbers_.emplace(b.begin->name, number(b.begin->name)).first;
                add(known->second, time, time + gap, watermark);
            }
            at.of(b.partition) = watermark;
            emit(at.lowest());
        }
        emit(cs::never);
        return seen_;
    }

private:
    struct session {
        cs::time_point begin, end, looked_at;
        std::int64_t count;
    };
    struct key {
        std::string name;
        boost::container::small_vector<session, 1> open;
        std::size_t looks = 0;
    };
    struct look {
        cs::time_point at;
        std::uint32_t of;
        friend bool operator>(const look& a, const look& b) { return a.at > b.at; }
    };

    std::uint32_t number(std::string_view name)
    {
        if (unused_.empty()) {
            keys_.emplace_back().name = name;
            return static_cast<std::uint32_t>(keys_.size() - 1);
        }
        const auto n = unused_.back();
        unused_.pop_back();
        keys_[n].name = name;
        return n;
    }

    void add(
        std::uint32_t n, cs::time_point begin, cs::time_point end, cs::time_point watermark)
    {
        auto& k = keys_[n];
        session* into = nullptr;
        for (auto s = k.open.begin(); s != k.open.end();) {
            if (s->end <= watermark || s->begin >= end || begin >= s->end) {
                ++s;
            } else if (!into) {
                into = &*s++;
                begin = into->begin = std::min(into->begin, begin);
                end = into->end = std::max(into->end, end);
                ++into->count;
            } else {
                begin = into->begin = std::min(into->begin, s->begin);
                end = into->end = std::max(into->end, s->end);
                into->count += s->count;
                s = k.open.erase(s);
            }
        }
        if (into) return;
        k.open.emplace_back(session{begin, end, end, 1});
        look_at(end, n);
    }

    void look_at(cs::time_point at, std::uint32_t n)
    {
        looks_.push({at, n});
        ++keys_[n].looks;
    }

    void emit(cs::time_point reached)
    {
        while (!looks_.empty() && looks_.top().at <= reached) {
            const auto [at, n] = looks_.top();
            looks_.pop();
            auto& k = keys_[n];
            --k.looks;
            for (auto s = k.open.begin(); s != k.open.end();) {
                if (s->looked_at != at) {
                    ++s;
                } else if (s->end > at) {
                    s->looked_at = s->end;
                    look_at(s->end, n);
                    ++s;
                } else {
                    seen_.add(s->begin, s->end, k.name, s->count);
                    s = k.open.erase(s);
                }
            }
            if (k.open.empty() && k.looks == 0) {
                numbers_.erase(k.name);
                unused_.push_back(n);
            }
        }
    }

    flat_map<std::uint32_t> numbers_;
    std::vector<key> keys_;
    std::vector<std::uint32_t> unused_;
    std::priority_queue<look, std::vector<look>, std::greater<>> looks_;
    totals seen_;
};

/// Sliding: events wait in a queue for the watermark; then the deque of their key has what is in
/// the window, and how long it is is their count.
class sliding_by_hand {
public:
    totals run(const timed_records& in, cs::duration bound, cs::duration size)
    {
        watermarks at(in.partitions.size());
        timed_reader r(in);
        for (timed_reader::batch b{}; r.next(b);) {
            auto watermark = at.of(b.partition);
            for (; b.begin != b.end; ++b.begin) {
                const auto time = b.begin->time + b.later;
                watermark = std::max(watermark, time - bound);
                auto known = numbers_.find(b.begin->name);
                if (known == numbers_.end()) {
                    known = numbers_.emplace(b.begin->name, keys_.size()).first;
                    keys_.push_back({known->first, {}});
                }
                waiting_.push({time, known->second});
            }
            at.of(b.partition) = watermark;
            emit(at.lowest(), size);
        }
        emit(cs::never, size);
        return seen_;
    }

private:
    struct event {
        cs::time_point time;
        std::size_t key;
        friend bool operator>(const event& a, const event& b) { return a.time > b.time; }
    };

    void emit(cs::time_point reached, cs::duration size)
    {
        while (!waiting_.empty() && waiting_.top().time < reached) {
            const auto time = waiting_.top().time;
            now_.clear();
            for (; !waiting_.empty() && waiting_.top().time == time; waiting_.pop()) {
                auto& k = keys_[waiting_.top().key];
                if (k.times.empty() || k.times.back() != time) now_.push_back(&k);
                k.times.push_back(time);
            }
            for (auto* k : now_) {
                while (k->times.front() <= time - size) k->times.pop_front();
                seen_.add(time + 1us - size, time + 1us, k->name,
                    static_cast<std::int64_t>(k->times.size()));
            }
        }
    }

    struct key {
        std::string name;
        std::deque<cs::time_point> times;
    };
    flat_map<std::size_t> numbers_;
    std::vector<key> keys_;
    std::priority_queue<event, std::vector<event>, std::greater<>> waiting_;
    std::vector<key*> now_;
    totals seen_;
};

void compare(benchmark::State& state, const totals& ours, const totals& by_hand)
{
    if (ours != by_hand) state.SkipWithError("different counts");
    state.counters["rows"] = static_cast<double>(ours.rows);
}

void tumbling_count(benchmark::State& state)
{
    const auto bound = cs::duration(std::chrono::seconds(state.range(2)));
    const auto disorder = cs::duration(std::chrono::seconds(state.range(3)));
    const timed_records in({.keys = static_cast<std::size_t>(state.range(0)),
        .partitions = static_cast<std::size_t>(state.range(1)),
        .disorder = disorder});
    side_by_side run(state, in.records);
    for ([[maybe_unused]] auto _ : state) {
        const auto by_hand
            = run.measure("by_hand", [&] { return tumbling_with_a_loop(in, bound); });
        const auto ours = run.measure("corostream",
            [&] { return with_corostream(in, cs::tumbling(tumbling_loop::size), bound); });
        compare(state, ours, by_hand);
    }
}

void hopping_count(benchmark::State& state)
{
    const auto size = std::chrono::seconds(state.range(0));
    const timed_records in({.keys = 100,
        .a_second = state.range(1),
        .disorder = 1s,
        .records = 20 * timed_records::in_a_cycle});
    side_by_side run(state, in.records);
    for ([[maybe_unused]] auto _ : state) {
        const auto once = run.measure(
            "tumbling", [&] { return with_corostream(in, cs::tumbling(60s), 1s); });
        const auto ours = run.measure(
            "hopping", [&] { return with_corostream(in, cs::hopping(size, 1s), 1s); });
        if (ours.count != once.count * size.count()) state.SkipWithError("different counts");
    }
}

void session_count(benchmark::State& state)
{
    const auto gap = cs::duration(std::chrono::seconds(state.range(1)));
    const timed_records in({.keys = static_cast<std::size_t>(state.range(0)),
        .disorder = 1s,
        .records = 3 * timed_records::in_a_cycle});
    side_by_side run(state, in.records);
    for ([[maybe_unused]] auto _ : state) {
        const auto by_hand
            = run.measure("by_hand", [&] { return session_by_hand().run(in, 1s, gap); });
        const auto ours = run.measure(
            "corostream", [&] { return with_corostream(in, cs::session(gap), 1s); });
        compare(state, ours, by_hand);
    }
}

void sliding_count(benchmark::State& state)
{
    const auto bound = cs::duration(std::chrono::seconds(state.range(1)));
    const timed_records in({.keys = static_cast<std::size_t>(state.range(0)),
        .disorder = bound,
        .records = 2 * timed_records::in_a_cycle});
    side_by_side run(state, in.records);
    for ([[maybe_unused]] auto _ : state) {
        const auto by_hand
            = run.measure("by_hand", [&] { return sliding_by_hand().run(in, bound, 10s); });
        const auto ours = run.measure(
            "corostream", [&] { return with_corostream(in, cs::sliding(10s), bound); });
        compare(state, ours, by_hand);
    }
}

void in_turn(benchmark::internal::Benchmark* b)
{
    b->UseManualTime()->Iterations(5)->Unit(benchmark::kMillisecond);
}

BENCHMARK(tumbling_count)
    ->ArgNames({"keys", "partitions", "bound_s", "disorder_s"})
    ->ArgsProduct({{10, 1'000, 100'000}, {1, 2}, {0}, {0, 1}})
    ->ArgsProduct({{10, 1'000, 100'000}, {1, 2}, {1}, {1}})
    ->Apply(in_turn);
BENCHMARK(hopping_count)
    ->ArgNames({"size_s", "a_second"})
    ->Args({10, 10'000})
    ->Args({60, 10'000})
    ->Args({100, 10'000})
    ->Args({1'000, 10'000})
    ->Args({60, 50'000})
    ->Apply(in_turn);
BENCHMARK(session_count)
    ->ArgNames({"keys", "gap_s"})
    ->Args({1'000, 1})
    ->Args({10'000, 1})
    ->Args({100'000, 10})
    ->Apply(in_turn);
BENCHMARK(sliding_count)
    ->ArgNames({"keys", "bound_s"})
    ->ArgsProduct({{100, 1'000, 100'000}, {0, 1}})
    ->Apply(in_turn);

} // namespace
