// Windows of so many elements, in pipelines on the virtual clock.

#include <corostream/operators/count.hpp>
#include <corostream/operators/count_by.hpp>
#include <corostream/operators/flat_map.hpp>
#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/elements.hpp>
#include <corostream/time/event_time.hpp>
#include <corostream/time/window.hpp>
#include <support/counted.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using cs::testing::script;
using texts = std::vector<std::string>;

/// Each result as "[begin, end) key=count", in seconds, by which its last moment is in.
template <class Counts>
asio::awaitable<void> read(Counts counts, texts* into)
{
    while (auto w = co_await counts.next())
        for (const auto& [key, count] : *w) {
            std::ostringstream text;
            text << '[' << w->begin_time().time_since_epoch() / 1s << ", "
                 << (w->end_time() - 1us).time_since_epoch() / 1s << "] " << key << '=' << count;
            into->push_back(text.str());
        }
}

template <class Counts>
texts told_by(Counts counts)
{
    virtual_run run;
    texts told;
    auto job = run.start(read(std::move(counts), &told));
    run.clock.advance_to(at(24h));
    EXPECT_TRUE(job->done());
    EXPECT_FALSE(job->error) << text_of(job->error);
    return told;
}

auto by_value() { return cs::count_by(std::identity()); }
auto pairs() { return cs::window(cs::elements(2)); }

/// What a restart would be told after all of that.
cs::position left_by(const script<int>& input)
{
    const auto& cursors = input.acknowledged()->cursors;
    if (cursors.empty() || cursors.back().positions.size() != 1)
        throw std::runtime_error("no position was acknowledged");
    return cursors.back().positions[0];
}

TEST(Elements, AreCountedByKeyInTheOrderOfTheLog)
{
    script<int> input;
    input.timed(0, 0, {{1, 5s}, {2, 3s}, {2, 1s}, {1, 9s}, {1, 7s}}).end();
    EXPECT_EQ(told_by(input.stream() | cs::event_time(2s) | pairs() | by_value()),
        (texts{"[1, 3] 2=2", "[5, 9] 1=2", "[7, 9] 1=1"}));
}

TEST(Elements, HopByElementsAndFlushWhatHasNotFilledAWindow)
{
    script<int> input;
    input.timed(0, 0, {{1, 1s}, {1, 2s}, {1, 3s}, {1, 4s}, {1, 5s}}).end();
    EXPECT_EQ(
        told_by(input.stream() | cs::event_time(0s) | cs::window(cs::elements(4, 2)) | by_value()),
        (texts{"[1, 4] 1=4", "[3, 5] 1=3", "[5, 5] 1=1"}));
}

TEST(Elements, EndNoEarlierThanTheWatermarkHadCome)
{
    script<int> input;
    input.timed(0, 0, {{1, 5s}, {2, 20s}, {1, 6s}}).end();
    EXPECT_EQ(told_by(input.stream() | cs::event_time(4s) | pairs() | by_value()),
        (texts{"[5, 16] 1=2", "[20, 20] 2=1"}));
}

TEST(Elements, GoOnAfterARestartWhereTheyWereCut)
{
    script<int> before;
    before.timed(0, 10, {{1, 1s}, {2, 2s}, {2, 3s}, {2, 9s}}).stop();
    EXPECT_EQ(
        told_by(before.stream() | cs::event_time(1s) | pairs() | by_value()),
        (texts{"[2, 3] 2=2"}));
    const auto left = left_by(before);
    EXPECT_EQ(left.offset, 10);
    EXPECT_EQ(left.resume.cuts, (std::vector<cs::log_place>{{12}}));

    script<int> after;
    after.resume(0, left.resume)
        .timed(0, 10, {{1, 1s}, {2, 2s}, {2, 3s}, {2, 9s}, {1, 10s}, {2, 11s}})
        .end();
    EXPECT_EQ(
        told_by(after.stream() | cs::event_time(1s) | pairs() | by_value()),
        (texts{"[1, 10] 1=2", "[9, 11] 2=2"}));
}

TEST(Elements, GoOnAfterARestartByArrival)
{
    script<int> before;
    before.batch(0, 10, {1, 2, 2, 2}).wait_until(at(1s)).stop();
    EXPECT_EQ(
        told_by(before.stream() | pairs() | by_value()), texts{"[0, 0] 2=2"});
    EXPECT_EQ(left_by(before).resume, (cs::resume_point{.cuts = {{12}}}));

    script<int> after;
    after.resume(0, left_by(before).resume).batch(0, 10, {1, 2, 2, 2, 1, 2}).end();
    EXPECT_EQ(told_by(after.stream() | pairs() | by_value()),
        (texts{"[0, 0] 1=2", "[0, 0] 2=2"}));
}

/// Wherever it is cut, with several hops that are not told yet.
TEST(Elements, OfManyHopsGoOnAfterARestart)
{
    // 10 is of a key that fills no window, so that all is read again
    const auto first = [](int count) {
        std::vector<std::pair<int, cs::duration>> records{{2, 0s}};
        for (int i = 1; i <= count; ++i) records.emplace_back(1, 1s * i);
        return records;
    };
    for (int hop = 1; hop <= 3; ++hop)
        for (int count = 1; count < 50; ++count) {
            SCOPED_TRACE(std::to_string(hop) + " " + std::to_string(count));
            const auto of = [&](script<int>& input) {
                return told_by(input.stream() | cs::event_time(0s)
                               | cs::window(cs::elements(8, hop)) | by_value());
            };
            script<int> whole, before, after;
            before.timed(0, 10, first(count)).stop();
            auto told = of(before);
            const auto out = static_cast<std::int64_t>(told.size());
            const auto left = left_by(before);
            EXPECT_EQ(left.offset, 10);
            std::vector<cs::log_place> cuts;
            if (out > 0) cuts.push_back({10 + out * hop});
            EXPECT_EQ(left.resume.cuts, cuts);

            after.resume(0, left.resume).timed(0, 10, first(60)).end();
            for (auto& text : of(after)) told.push_back(std::move(text));
            whole.timed(0, 10, first(60)).end();
            EXPECT_EQ(told, of(whole));
        }
}

TEST(Elements, OfOneRecordAreToldApartAfterARestart)
{
    const auto each = [](std::vector<int> v) { return v; };
    script<std::vector<int>> before;
    before.batch(0, 10, {{1, 2, 2}}).wait_until(at(1s)).stop();
    EXPECT_EQ(told_by(before.stream() | cs::flat_map(each) | pairs() | by_value()),
        texts{"[0, 0] 2=2"});
    const auto left = before.acknowledged()->cursors.back().positions.at(0);
    EXPECT_EQ(left.offset, 10);
    EXPECT_EQ(left.resume.cuts, (std::vector<cs::log_place>{{10, 2}}));

    script<std::vector<int>> after;
    after.resume(0, left.resume).batch(0, 10, {{1, 2, 2}, {2, 1, 2}}).end();
    EXPECT_EQ(told_by(after.stream() | cs::flat_map(each) | pairs() | by_value()),
        (texts{"[0, 0] 1=2", "[0, 0] 2=2"}));
}

TEST(Elements, AreNotToldAgainWhileSomeOfThemMayHaveBeen)
{
    script<int> input;
    input.resume(0, {.cuts = {{14}}})
        .batch(0, 10, {2, 1, 1}) // 11 and 12 look like a window
        .wait_until(at(1s))
        .batch(0, 13, {2, 1}) // it was 11, 12 and 14 that were told, with one before 10
        .wait_until(at(2s))
        .batch(0, 15, {1, 1})
        .end();
    EXPECT_EQ(told_by(input.stream() | pairs() | by_value()),
        (texts{"[0, 1] 2=2", "[2, 2] 1=2"}));
}

TEST(Elements, GoOnWhenTheLogHasLostWhereTheyWereCut)
{
    script<int> input;
    input.resume(0, {.cuts = {{12}, {13}}}).batch(0, {{1, 10}, {1, 14}, {2, 15}, {2, 16}}).end();
    EXPECT_EQ(told_by(input.stream() | pairs() | by_value()),
        (texts{"[0, 0] 1=2", "[0, 0] 2=2"}));
}

TEST(Elements, RefuseNumbersThatMakeNoWindows)
{
    const auto refusal = [](std::int64_t size, std::int64_t hop) {
        try {
            cs::elements(size, hop);
        } catch (const std::invalid_argument& e) {
            return std::string(e.what());
        }
        return std::string("none");
    };
    EXPECT_EQ(refusal(0, 1),
        "window: 0 elements every 1: both must be positive, and the second no more");
    EXPECT_EQ(refusal(2, 0),
        "window: 2 elements every 0: both must be positive, and the second no more");
    EXPECT_EQ(refusal(2, 3),
        "window: 2 elements every 3: both must be positive, and the second no more");
    EXPECT_EQ(refusal(2, 2), "none");
}

// ---- without a pipeline: what is kept of keys

/// A key that is counted.
struct counted_key {
    counted number = 0;

    friend bool operator==(const counted_key& x, const counted_key& y)
    {
        return x.number.number() == y.number.number();
    }
    friend std::size_t hash_value(const counted_key& k)
    {
        return std::hash<int>()(k.number.number());
    }
};
using counted_pair = std::pair<counted_key, std::int64_t>;
using counted_sum = cs::detail::keyed_reduction<counted_pair, counted_key, std::int64_t,
    cs::detail::as_pair, std::plus<>>;

/// A partition read into windows; what is full is told at once.
class read_partition {
public:
    using rows = std::vector<std::pair<int, std::int64_t>>; // key, and the sum of its elements

    read_partition(cs::elements windows, const std::vector<cs::log_place>& cuts = {})
        : state_(windows, {}, counted_sum({}, {}))
    {
        state_.resume(0);
        state_.resume_cuts(0, cuts);
        state_.open(0);
    }

    void add(int key, std::int64_t offset, std::int64_t value = 1)
    {
        state_.add({at(0s), at(0s), offset}, counted_pair(counted_key{key}, value));
        state_.fire(cs::never - 1us, [this](const auto& window) {
            for (const auto& [of, sum] : window) told.emplace_back(of.number.number(), sum);
            return true;
        });
    }
    /// Two elements of each key in `[from, until)`, one behind the other.
    std::int64_t add_pairs(int from, int until, std::int64_t offset)
    {
        for (int key = from; key < until; ++key) {
            add(key, offset++);
            add(key, offset++);
        }
        return offset;
    }
    std::int64_t held() const { return state_.hold(0).offset; }
    std::vector<cs::log_place> cuts(std::int64_t offset) { return state_.cuts(0, offset); }

    rows told;

private:
    cs::detail::count_state<cs::elements, counted_sum> state_;
};

TEST(Elements, ForgetKeysOfWhichAllHasBeenTold)
{
    ASSERT_EQ(counted::alive, 0);
    {
        read_partition p(cs::elements(2));
        p.add_pairs(0, 100'000, 0);
        EXPECT_EQ(p.told.size(), 100'000U);
        EXPECT_EQ(p.held(), cs::nothing_held);
        EXPECT_LT(counted::alive, 10'000); // those that a restart may have to know
    }
    {
        read_partition p(cs::elements(2));
        std::int64_t offset = 0;
        for (int round = 0; round < 100; ++round) { // with commits there are fewer of them
            offset = p.add_pairs(100 * round, 100 * round + 100, offset);
            EXPECT_EQ(p.cuts(offset), std::vector<cs::log_place>());
        }
        EXPECT_LT(counted::alive, 300);
    }
}

TEST(Elements, OfKeysThatAreNotToldStay)
{
    read_partition p(cs::elements(2));
    p.add(-1, 0, 10);
    p.add_pairs(0, 20'000, 1);
    EXPECT_EQ(p.held(), 0);
    p.told.clear();
    p.add(-1, 40'001, 20);
    EXPECT_EQ(p.told, (read_partition::rows{{-1, 30}}));
    EXPECT_EQ(p.held(), cs::nothing_held);
}

TEST(Elements, OfAKeyThatWasForgottenBeginAnew)
{
    read_partition p(cs::elements(2));
    auto offset = p.add_pairs(0, 20'000, 0);
    p.told.clear();
    for (int key = 0; key < 100; ++key) p.add(key, offset + key, 5);
    EXPECT_EQ(p.held(), offset); // in a slot that was another's, or its own
    EXPECT_TRUE(p.told.empty());
    for (int key = 0; key < 99; ++key) p.add(key, offset + 100 + key, 6);
    EXPECT_EQ(p.held(), offset + 99);
    for (const auto& [key, sum] : p.told) EXPECT_EQ(sum, 11) << key;
    EXPECT_EQ(p.told.size(), 99U);
}

TEST(Elements, OfAKeyThatCameBackGoOnAfterARestart)
{
    // committed when all was told, so 1 is forgotten; then it comes back, is told, and 2 stays open
    read_partition before(cs::elements(2));
    before.add(1, 10);
    before.add(1, 11);
    EXPECT_EQ(before.cuts(12), std::vector<cs::log_place>());
    before.add(2, 12, 5);
    before.add(1, 13);
    before.add(1, 14);
    before.add(1, 15, 7);
    EXPECT_EQ(before.held(), 12);
    const auto cuts = before.cuts(12);
    EXPECT_EQ(cuts, (std::vector<cs::log_place>{{14}}));

    read_partition after(cs::elements(2), cuts);
    after.add(2, 12, 5);
    after.add(1, 13);
    after.add(1, 14);
    after.add(1, 15, 7);
    after.add(1, 16, 7);
    after.add(2, 17, 5);
    EXPECT_EQ(after.told, (read_partition::rows{{1, 14}, {2, 10}}));
}

/// Keys come and go, and it is committed and stopped in between: each element is told once, with
/// those around it.
TEST(Elements, OfKeysThatComeAndGoSurviveRestarts)
{
    for (int seed = 0; seed < 20; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(static_cast<unsigned>(seed));
        std::vector<int> log;
        for (int i = 0; i < 3'000; ++i) // 20 keys at a time, out of more and more
            log.push_back(i / 50 + static_cast<int>(random() % 20));
        read_partition whole(cs::elements(3));
        for (std::size_t i = 0; i < log.size(); ++i)
            whole.add(log[i], static_cast<std::int64_t>(i), static_cast<std::int64_t>(i));

        read_partition::rows told;
        std::int64_t from = 0, stop = 0;
        std::vector<cs::log_place> cuts;
        const auto end = static_cast<std::int64_t>(log.size());
        while (stop < end) {
            read_partition p(cs::elements(3), cuts);
            stop = std::min(end, stop + 1 + static_cast<std::int64_t>(random() % 500));
            for (auto i = from; i < stop; ++i) {
                p.add(log[static_cast<std::size_t>(i)], i, i);
                if (random() % 10 && i + 1 < stop) continue;
                from = std::min(p.held(), i + 1);
                cuts = p.cuts(from);
            }
            told.insert(told.end(), p.told.begin(), p.told.end());
        }
        std::sort(told.begin(), told.end());
        std::sort(whole.told.begin(), whole.told.end());
        ASSERT_EQ(told, whole.told);
    }
}

} // namespace
