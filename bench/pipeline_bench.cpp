// map | filter | map | reduce against the loop that one would write by hand, batches of 1 to 1024.

#include "side_by_side.hpp"

#include <corostream/core/run.hpp>
#include <corostream/operators/filter.hpp>
#include <corostream/operators/map.hpp>
#include <corostream/sinks/fold.hpp>
#include <corostream/sinks/for_each.hpp>
#include <corostream/sources/from_range.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = corostream;

namespace {

constexpr std::size_t items = 1'000'000;

template <class Job>
auto run_to_end(Job job)
{
    boost::asio::io_context io(1);
    auto done = cs::run(io.get_executor(), std::move(job), boost::asio::use_future);
    io.run();
    return done.get();
}

/// What both do to an element; which ones are kept cannot be foretold, as with real data.
struct strings {
    using value = std::string_view;
    static std::string first(value v) { return std::string(v); }
    static bool keep(const std::string& v) { return v[v.size() - 1] != '7'; }
    static std::uint64_t second(std::string&& v)
    {
        return v.size() + static_cast<unsigned char>(v[6]);
    }

    std::vector<std::string> names;
    std::vector<value> input;
    strings()
    {
        for (int i = 0; i < 1000; ++i) names.push_back("phone-" + std::to_string(i));
        std::minstd_rand random(42);
        for (std::size_t i = 0; i < items; ++i) input.push_back(names[random() % names.size()]);
    }
};

struct integers {
    using value = std::uint64_t;
    static value first(value v) { return v * 0x9E3779B97F4A7C15U >> 7U; }
    static bool keep(value v) { return v % 8 != 3; }
    static std::uint64_t second(value v) { return v ^ (v >> 13U); }

    std::vector<value> input;
    integers()
    {
        std::minstd_rand random(42);
        for (std::size_t i = 0; i < items; ++i) input.push_back(random());
    }
};

template <class Of>
void pipeline(benchmark::State& state)
{
    const auto batch = static_cast<std::size_t>(state.range(0));
    const Of data;

    side_by_side run(state, items);
    for ([[maybe_unused]] auto _ : state) {
        const auto by_hand = run.measure("loop", [&] {
            std::uint64_t sum = 0;
            for (const auto v : data.input) {
                auto mapped = Of::first(v);
                if (Of::keep(mapped)) sum += Of::second(std::move(mapped));
            }
            return sum;
        });
        // as one writes it who gets them so, from librdkafka for one
        const auto in_batches = run.measure("loop over batches", [&] {
            std::uint64_t sum = 0;
            for (std::size_t at = 0; at < items; at += batch) {
                const auto size = std::min(batch, items - at);
                for (const auto v : std::span(data.input).subspan(at, size)) {
                    auto mapped = Of::first(v);
                    if (Of::keep(mapped)) sum += Of::second(std::move(mapped));
                }
            }
            return sum;
        });
        const auto steps = [&] {
            return cs::from_range(std::span(data.input), batch)
                 | cs::map([](typename Of::value v) { return Of::first(v); })
                 | cs::filter([](const auto& v) { return Of::keep(v); })
                 | cs::map([](auto&& v) { return Of::second(std::forward<decltype(v)>(v)); });
        };
        const auto folded = run.measure("fold", [&] {
            return run_to_end(steps() | cs::fold(std::uint64_t{0}, std::plus<>()));
        });
        const auto each = run.measure("for_each", [&] {
            std::uint64_t sum = 0;
            run_to_end(steps() | cs::for_each([&](std::uint64_t v) { sum += v; }));
            return sum;
        });
        if (folded != by_hand || each != by_hand || in_batches != by_hand)
            state.SkipWithError("different sums");
    }
}

void batches(benchmark::internal::Benchmark* b)
{
    b->ArgName("batch")->Arg(1)->Arg(64)->Arg(256)->Arg(1024);
    b->UseManualTime()->Iterations(41)->Unit(benchmark::kMillisecond);
}

BENCHMARK(pipeline<strings>)->Apply(batches);
BENCHMARK(pipeline<integers>)->Apply(batches);

} // namespace
