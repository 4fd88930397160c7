#include <corostream/core/run.hpp>
#include <corostream/operators/filter.hpp>
#include <corostream/operators/take.hpp>
#include <corostream/sinks/collect.hpp>
#include <corostream/sources/generate.hpp>
#include <support/counted.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace {

using numbers = std::vector<int>;

TEST(Generate, EndsWithAnEmptyOptionalAndAsksNoMore)
{
    virtual_run run;
    int calls = 0;
    auto job = cs::generate(
                   [&]() -> std::optional<int> {
                       return ++calls <= 5 ? std::optional(calls) : std::nullopt;
                   },
                   2)
             | cs::collect();
    EXPECT_EQ(run.finish(cs::run(job)), (numbers{1, 2, 3, 4, 5}));
    EXPECT_EQ(calls, 6);

    auto empty = cs::generate([&]() -> std::optional<int> { return std::nullopt; }).release();
    for (int again = 0; again < 3; ++again)
        EXPECT_EQ(run.finish(empty.pump(cs::null_sink(), cs::never)), cs::pumped::end);
}

TEST(Generate, CallsExactlyAsOftenAsIsTaken)
{
    for (std::size_t batch : {1U, 2U, 3U, 4U, 100U}) {
        virtual_run run;
        int calls = 0;
        const auto even = cs::filter([](int v) { return v % 2 == 0; });
        auto endless
            = cs::generate([&] { return ++calls; }, batch) | even | cs::take(2) | cs::collect();
        EXPECT_EQ(run.finish(cs::run(endless)), (numbers{2, 4}));
        EXPECT_EQ(calls, 4);

        calls = 0;
        auto bounded = cs::generate([&] { return std::optional(++calls); }, batch) | even
                     | cs::take(2) | cs::collect();
        EXPECT_EQ(run.finish(cs::run(bounded)), (numbers{2, 4}));
        EXPECT_EQ(calls, 4);
    }
}

TEST(Generate, AnExceptionNamesTheOffsetWhereverTheBatchIsCut)
{
    for (std::size_t batch : {1U, 2U, 3U, 100U}) {
        virtual_run run;
        int calls = 0;
        auto job
            = cs::generate(
                  [&]() -> std::optional<int> {
                      return ++calls == 4 ? throw std::domain_error("dry") : std::optional(calls);
                  },
                  batch)
            | cs::collect();
        std::string text;
        try {
            run.finish(cs::run(job));
        } catch (const std::exception& e) {
            text = e.what();
        }
        EXPECT_EQ(text, "generate [0] at offset 3: dry");
    }
}

TEST(Generate, MovesItsElements)
{
    virtual_run run;
    auto job = cs::generate([n = 0]() mutable {
        return n < 2 ? std::optional<move_only>(++n) : std::nullopt;
    }) | cs::collect();
    EXPECT_EQ(run.finish(cs::run(job)).size(), 2U);
}

TEST(Generate, GivesWayToOtherTasksAndCanBeCancelled)
{
    asio::io_context io(1); // on the real clock: an endless stream gives way once a millisecond
    asio::cancellation_signal stop;
    std::exception_ptr error;
    std::uint64_t calls = 0;
    cs::run(io.get_executor(),
        cs::generate([&] { return ++calls; }) | cs::take(UINT64_MAX)
            | cs::filter([](std::uint64_t) { return false; }) | cs::collect(),
        asio::bind_cancellation_slot(stop.slot(),
            [&](std::exception_ptr e, const std::vector<std::uint64_t>&) { error = e; }));
    asio::steady_timer timer(io, 5ms);
    timer.async_wait([&](auto) { stop.emit(asio::cancellation_type::terminal); });
    io.run();
    EXPECT_TRUE(is_aborted(error));
    EXPECT_GT(calls, 0U);
}

} // namespace
