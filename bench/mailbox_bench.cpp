// What a hop through a mailbox costs an element, at several capacities.

#include <corostream/core/mailbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <benchmark/benchmark.h>

namespace cs = corostream;
namespace asio = boost::asio;

namespace {

constexpr int items = 200'000;

asio::awaitable<void> send(cs::mailbox<int>* box)
{
    for (int i = 0; i < items; ++i) {
        const auto taken = co_await box->push(i);
        if (!taken) break;
    }
    box->close();
}

template <class Stream>
asio::awaitable<void> receive(Stream stream, std::int64_t* sum)
{
    while (auto v = co_await stream.next()) *sum += *v;
}

void mailbox_hop(benchmark::State& state)
{
    for ([[maybe_unused]] auto _ : state) {
        asio::io_context io(1);
        cs::mailbox<int> box(io.get_executor(), static_cast<std::size_t>(state.range(0)));
        std::int64_t sum = 0;
        asio::co_spawn(io, send(&box), asio::detached);
        asio::co_spawn(io, receive(box.stream(), &sum), asio::detached);
        io.run();
        if (sum != std::int64_t{items} * (items - 1) / 2) state.SkipWithError("lost some");
    }
    state.SetItemsProcessed(state.iterations() * items);
}

BENCHMARK(mailbox_hop)
    ->ArgName("capacity")
    ->Arg(1)
    ->Arg(64)
    ->Arg(1024)
    ->Unit(benchmark::kMillisecond);

} // namespace
