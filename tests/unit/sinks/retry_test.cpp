#include <corostream/core/run.hpp>
#include <corostream/operators/flat_map.hpp>
#include <corostream/operators/tap.hpp>
#include <corostream/sinks/for_each.hpp>
#include <corostream/sinks/retry.hpp>
#include <corostream/sources/from_range.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <support/virtual_run.hpp>

#include <boost/system/system_error.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using cs::duration;
using cs::pumped;
using cs::retry;
using cs::testing::script;

template <class E>
std::exception_ptr failure(E e)
{
    return std::make_exception_ptr(std::move(e));
}

TEST(Retry, WaitsTwiceAsLongEachTimeUpToTheMost)
{
    const auto policy = retry().delays(100ms, 1s).give_up_after(1h);
    const std::vector<duration> plain{100ms, 200ms, 400ms, 800ms, 1s, 1s};
    for (int i = 0; i < 6; ++i) {
        const auto expected = plain[static_cast<std::size_t>(i)];
        EXPECT_EQ(policy.delay(i + 1, 0s, 0.5), expected) << i;
        EXPECT_EQ(policy.delay(i + 1, 0s, 0), expected * 4 / 5) << i;
        EXPECT_LT(*policy.delay(i + 1, 0s, 0.9999), expected * 6 / 5) << i;
        EXPECT_LE(*policy.delay(i + 1, 0s, 0.9999), 1s) << i;
    }
    EXPECT_EQ(policy.delay(1'000'000, 0s, 0.5), duration(1s)) << "nothing overflows";
}

TEST(Retry, HasALastAttemptWhenTimeIsUp)
{
    const auto policy = retry().delays(1s, 1s).give_up_after(5s);
    EXPECT_EQ(policy.delay(5, 4s, 0.5), duration(1s));
    EXPECT_EQ(policy.delay(5, 4700ms, 0.5), duration(300ms));
    EXPECT_EQ(policy.delay(6, 5s, 0.5), std::nullopt);
    EXPECT_TRUE(retry().give_up_after(duration::max()).delay(6, std::chrono::years(1), 0.5));
}

TEST(Retry, LeavesWhatWouldComeAgainAlone)
{
    const retry usual;
    EXPECT_TRUE(usual.covers(failure(std::runtime_error("no connection"))));
    EXPECT_TRUE(usual.covers(failure(42)));
    EXPECT_FALSE(usual.covers(failure(std::invalid_argument("stoi"))));
    EXPECT_FALSE(usual.covers(failure(std::bad_alloc())));
    const auto network = retry().only<boost::system::system_error>();
    EXPECT_TRUE(network.covers(failure(boost::system::system_error(boost::asio::error::eof))));
    EXPECT_FALSE(network.covers(failure(std::runtime_error("constraint violated"))));
}

TEST(Retry, RefusesDelaysThatAreNone)
{
    EXPECT_THROW(retry().delays(0ms, 1s), std::invalid_argument);
    EXPECT_THROW(retry().delays(2s, 1s), std::invalid_argument);
}

/// A database that fails so many times before it takes anything.
struct database {
    int failures = 0;
    std::vector<int> rows{};

    auto store()
    {
        return [this](int v) {
            if (failures > 0) {
                --failures;
                throw std::runtime_error("away");
            }
            rows.push_back(v);
        };
    }
};

TEST(ForEachRetrying, HasTheSameElementAgainAndThenTheOthersInOrder)
{
    virtual_run run;
    database db{.failures = 3};
    script<int> input;
    input.batch(0, 10, {1, 2, 3}).batch(1, 5, {4}).end();
    std::vector<int> told;
    auto policy = retry().on_retry([&](const std::exception_ptr& e, int failures, duration wait) {
        EXPECT_EQ(cs::what_of(e), "away");
        EXPECT_GT(wait, 50ms);
        told.push_back(failures);
    });
    auto known = input.acknowledged();
    auto job = input.stream() | cs::for_each(db.store(), policy);
    const auto running = run.start(cs::run(job));
    run.clock.advance(50ms);
    EXPECT_TRUE(known->cursors.empty()) << "nothing is acknowledged while it fails";
    run.clock.advance(1s);
    EXPECT_TRUE(result_of(running));
    EXPECT_EQ(db.rows, (std::vector<int>{1, 2, 3, 4}));
    EXPECT_EQ(told, (std::vector<int>{1, 2, 3}));
    EXPECT_EQ(known->offset(0), 13);
}

TEST(ForEachRetrying, TakesOneInTenWithoutLosingAny)
{
    virtual_run run;
    int calls = 0;
    std::vector<int> rows;
    const auto three = [](int v) { return std::vector<int>{v, 10 * v, 100 * v}; };
    const auto store = [&](int v) {
        if (++calls % 10 != 0) throw std::runtime_error("busy");
        rows.push_back(v);
    };
    auto job = cs::from_range(std::vector{1, 2, 3}) | cs::flat_map(three)
             | cs::for_each(store, retry().give_up_after(1h));
    run.finish(cs::run(job));
    EXPECT_EQ(rows, (std::vector<int>{1, 10, 100, 2, 20, 200, 3, 30, 300}));
    EXPECT_EQ(calls, 90);
}

TEST(ForEachRetrying, GivesUpInTheEndAndNamesTheElement)
{
    virtual_run run;
    std::vector<int> rows;
    script<int> input;
    input.batch(0, 10, {1}).batch(0, 11, {2, 3, 4}).end();
    auto known = input.acknowledged();
    const auto store = [&](int v) {
        if (v == 3) throw std::runtime_error("full");
        rows.push_back(v);
    };
    auto job = input.stream() | cs::for_each(store, retry().give_up_after(5s));
    try {
        run.finish(cs::run(job));
        FAIL() << "it goes on";
    } catch (const cs::element_error& e) {
        EXPECT_EQ(e.offset(), 12);
        EXPECT_THROW(e.rethrow_nested(), std::runtime_error);
    }
    EXPECT_EQ(run.clock.now(), at(5s));
    EXPECT_EQ(rows, (std::vector<int>{1, 2}));
    EXPECT_EQ(known->offset(0), 11);
}

TEST(ForEachRetrying, EndsAtOnceForWhatIsNotCovered)
{
    virtual_run run;
    int calls = 0;
    const auto store = [&](int) {
        ++calls;
        throw std::domain_error("a bug");
    };
    auto job = cs::from_range(std::vector{7}) | cs::for_each(store, retry());
    EXPECT_THROW(run.finish(cs::run(job)), cs::element_error);
    EXPECT_EQ(calls, 1);
}

TEST(ForEachRetrying, KeepsNothingWhenAStageBeforeItFails)
{
    virtual_run run;
    using element = std::shared_ptr<int>;
    script<element> input;
    std::vector<element> some{std::make_shared<int>(1), std::make_shared<int>(2)};
    const std::weak_ptr<int> first = some.front();
    input.batch(0, 0, std::move(some)).end();
    const auto store = [](const element&) { throw std::runtime_error("away"); };
    const auto check = [](const element& e) {
        if (*e == 2) throw std::domain_error("not a phone");
    };
    auto job = input.stream() | cs::tap(check) | cs::for_each(store, retry());
    EXPECT_THROW(run.finish(cs::run(job)), cs::element_error);
    EXPECT_TRUE(first.expired()) << "though the job is still there";
}

/// A batch of each of two partitions; the second one is taken away at 1 s.
class changing_source {
public:
    using value_type = int;

    explicit changing_source(cs::clock& clock)
        : clock_(&clock)
    {
    }

    template <class Sink>
    asio::awaitable<pumped> pump(Sink sink, cs::time_point)
    {
        for (cs::partition_id p : {0, 1}) {
            const cs::batch b{.partition = p};
            sink.begin(b);
            sink.push(10 * p + 1, cs::element{{}, 0});
            sink.push(10 * p + 2, cs::element{{}, 1});
            sink.end(b);
        }
        co_return pumped::end;
    }
    static std::int64_t hold(cs::partition_id) { return cs::nothing_held; }
    changing_source& source() { return *this; }
    void snapshot(cs::cursor& into) const { into.positions.clear(); }
    void acknowledge(const cs::cursor&) {}
    bool owns(cs::partition_id p) const { return p == 0 || clock_->now() < at(1s); }

private:
    cs::clock* clock_;
};

TEST(ForEachRetrying, LeavesElementsOfAPartitionThatIsTakenAwayToItsNextOwner)
{
    virtual_run run;
    database db{.failures = 1};
    changing_source source(cs::clock::of(run.io.get_executor()));
    auto job = cs::pipeline<changing_source>(source)
             | cs::for_each(db.store(), retry().delays(2s, 2s));
    run.finish(cs::run(job));
    EXPECT_EQ(db.rows, (std::vector<int>{1, 2}));
}

TEST(ForEachRetrying, CanBeCancelledWhileItWaits)
{
    virtual_run run;
    database db{.failures = 1000};
    auto job = cs::from_range(std::vector{1})
             | cs::for_each(db.store(), retry().give_up_after(1h));
    const auto running = run.start(cs::run(job));
    run.clock.advance(1s);
    EXPECT_FALSE(running->done());
    running->cancel.emit(asio::cancellation_type::terminal);
    run.clock.settle();
    ASSERT_TRUE(running->done());
    EXPECT_TRUE(is_aborted(running->error));
    EXPECT_TRUE(db.rows.empty());
}

} // namespace
