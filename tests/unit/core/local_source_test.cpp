#include <corostream/core/local_source.hpp>
#include <corostream/sources/from_range.hpp>
#include <corostream/sources/ticks.hpp>
#include <corostream/testing/recording_sink.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <ranges>
#include <vector>

namespace {

using namespace std::chrono_literals;

/// How many elements each of `pumps` pumps brings, `apart` from each other.
template <class Stage>
asio::awaitable<std::vector<std::size_t>> brought(
    Stage* stage, int pumps, cs::duration apart, virtual_run* run, std::size_t wanted)
{
    std::vector<std::size_t> sizes;
    std::size_t before = 0;
    cs::testing::recording<int> seen(wanted);
    for (int i = 0; i < pumps; ++i) {
        co_await stage->pump(seen.sink(), cs::never);
        sizes.push_back(seen.elements().size() - before);
        before = seen.elements().size();
        run->clock.advance(apart);
    }
    co_return sizes;
}

auto numbers_in_batches(std::size_t batch_size)
{
    auto pipeline = cs::from_range(std::views::iota(0, 1'000'000), batch_size);
    return std::move(pipeline).release();
}

constexpr auto no_limit = std::numeric_limits<std::size_t>::max();
using sizes = std::vector<std::size_t>;

TEST(LocalSource, BringsMoreBatchesAPumpWhileItIsPumpedQuickly)
{
    virtual_run run(at(1s));
    auto stage = numbers_in_batches(10);
    EXPECT_EQ(run.finish(brought(&stage, 7, 5us, &run, no_limit)),
        (sizes{10, 20, 40, 80, 160, 160, 160}));
}

TEST(LocalSource, BringsOneBatchAPumpToASlowConsumer)
{
    virtual_run run(at(1s));
    auto stage = numbers_in_batches(10);
    EXPECT_EQ(run.finish(brought(&stage, 3, 20us, &run, no_limit)), (sizes{10, 10, 10}));
    EXPECT_EQ(run.finish(brought(&stage, 2, 1us, &run, no_limit)), (sizes{10, 20}));
    EXPECT_EQ(run.finish(brought(&stage, 2, 1s, &run, no_limit)), (sizes{40, 10}));
}

TEST(LocalSource, BringsNothingAfterWhatIsNotWanted)
{
    virtual_run run(at(1s));
    auto stage = numbers_in_batches(10);
    // the sink refuses once, after 35 elements
    EXPECT_EQ(run.finish(brought(&stage, 4, 0s, &run, 35)), (sizes{10, 20, 5, 35}));
}

TEST(LocalSource, BeginsEachOfItsBatchesWithItsOwnOffset)
{
    virtual_run run(at(1s));
    auto stage = cs::from_range(std::vector{1, 2, 3}, 1).release();
    cs::testing::recording<int> seen;
    run.finish(stage.pump(seen.sink(), cs::never));
    run.finish(stage.pump(seen.sink(), cs::never));
    std::vector<std::int64_t> ends;
    for (const auto& e : seen.events())
        if (const auto* ended = std::get_if<cs::testing::recording<int>::ended>(&e))
            ends.push_back(ended->info.next_offset);
    EXPECT_EQ(ends, (std::vector<std::int64_t>{1, 2, 3}));
}

} // namespace
