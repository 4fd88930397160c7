// Windows of so many elements, in pipelines on the virtual clock.

#include <corostream/operators/count.hpp>
#include <corostream/operators/count_by.hpp>
#include <corostream/operators/flat_map.hpp>
#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/detail/count_state.hpp>
#include <corostream/time/elements.hpp>
#include <corostream/time/event_time.hpp>
#include <corostream/time/window.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
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

using row = std::pair<int, int>;
using summing = cs::detail::keyed_reduction<row, int, int, cs::detail::as_pair, std::plus<>>;
using state = cs::detail::count_state<cs::elements, summing>;

/// Tells the windows of a thousand keys, each filled by two elements; partition 0 is open.
void fill_a_thousand(state& s, std::int64_t& offset)
{
    for (int key = 0; key < 1000; ++key)
        for (int i = 0; i < 2; ++i) s.add({at(1s), at(0s), offset++}, row(key, 1));
    int told = 0;
    s.fire(at(2s), [&](auto&& w) { return ++told, w.size() == 1; });
    EXPECT_EQ(told, 1000);
}

TEST(Elements, LetGoOfKeysThatHaveNothingMore)
{
    state s(cs::elements(2), {}, summing({}, {}));
    s.need_no_cuts();
    s.resume(0);
    s.open(0);
    std::int64_t offset = 0;
    for (int times = 0; times < 3; ++times) {
        fill_a_thousand(s, offset);
        EXPECT_EQ(s.keys_held(), 0U);
        EXPECT_EQ(s.hold(0).offset, cs::nothing_held);
    }
    s.add({at(3s), at(0s), offset}, row(1, 1));
    EXPECT_EQ(s.keys_held(), 1U);
    EXPECT_EQ(s.hold(0).offset, offset);
}

TEST(Elements, KeepKeysAsLongAsARestartHasToKnowWhereTheyWereCut)
{
    state s(cs::elements(2), {}, summing({}, {}));
    s.resume(0);
    s.open(0);
    std::int64_t offset = 0;
    fill_a_thousand(s, offset);
    EXPECT_EQ(s.keys_held(), 1000U);
    EXPECT_EQ(s.cuts(0, 0).size(), 1000U);
    EXPECT_EQ(s.cuts(0, 1000).size(), 500U); // as of a commit at 1000
    EXPECT_EQ(s.keys_held(), 500U);
    fill_a_thousand(s, offset); // all are there again
    EXPECT_EQ(s.cuts(0, 1000).size(), 1000U);
    EXPECT_EQ(s.keys_held(), 1000U);
    EXPECT_EQ(s.cuts(0, offset).size(), 0U);
    EXPECT_EQ(s.keys_held(), 0U);
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

} // namespace
