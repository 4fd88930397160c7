// The worked examples of other stream processors' documents, and what our windows make of them.
// Each test names its document and section; the numbers are the document's. Where we differ on
// purpose, the test has our answer and says why.

#include <corostream/core/run.hpp>
#include <corostream/operators/filter.hpp>
#include <corostream/operators/map.hpp>
#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/cumulative.hpp>
#include <corostream/time/elements.hpp>
#include <corostream/time/event_time.hpp>
#include <corostream/time/global.hpp>
#include <corostream/time/hopping.hpp>
#include <corostream/time/session.hpp>
#include <corostream/time/sliding.hpp>
#include <corostream/time/window.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace {

using cs::testing::script;

using row = std::pair<std::string, int>;
using record = std::pair<row, cs::duration>; // and when it happened

/// What was told of one window.
struct answer {
    cs::duration begin, end;
    std::map<std::string, int> rows;
    cs::emission emission = cs::emission::complete;

    friend bool operator==(const answer&, const answer&) = default;
    friend void PrintTo(const answer& a, std::ostream* out)
    {
        constexpr const char* how[] = {" early:", ":", " again:", " retracted:"};
        *out << '[' << a.begin.count() << ", " << a.end.count() << ')'
             << how[static_cast<std::size_t>(a.emission)];
        for (const auto& [key, value] : a.rows) *out << ' ' << key << '=' << value;
    }
};
using answers = std::vector<answer>;

struct outcome {
    answers windows;
    std::uint64_t late = 0;

    friend bool operator==(const outcome&, const outcome&) = default;
};

template <class Pipeline>
asio::awaitable<void> read_sums(Pipeline sums, answers* into)
{
    while (auto w = co_await sums.next()) {
        into->push_back({w->begin_time().time_since_epoch(), w->end_time().time_since_epoch(), {},
            w->emission()});
        for (const auto& [key, sum] : *w) into->back().rows.emplace(key, sum);
    }
}

/// Brings time on as a record would, and is in no window.
record watermark_at(cs::duration time) { return {{"watermark", 0}, time}; }

template <class Window>
outcome sums_of(script<row>& input, cs::duration bound, Window window)
{
    virtual_run run;
    outcome seen;
    cs::time_counts counts;
    const auto is_record = [](const row& r) { return r.first != "watermark"; };
    auto sums = input.stream() | cs::event_time(bound) | cs::filter(is_record)
              | window.count(counts) | cs::reduce_by_key(std::plus{});
    auto job = run.start(read_sums(std::move(sums), &seen.windows));
    run.clock.advance_to(at(1h));
    EXPECT_TRUE(job->done());
    EXPECT_FALSE(job->error) << text_of(job->error);
    seen.late = counts.late;
    return seen;
}

/// The sums of all windows of a log of one partition, however it is cut into batches.
template <class Window>
outcome all(const std::vector<record>& log, cs::duration bound, Window window)
{
    script<row> at_once, one_by_one;
    at_once.timed(0, 0, log);
    for (std::size_t i = 0; i < log.size(); ++i)
        one_by_one.timed(0, static_cast<std::int64_t>(i), {log[i]});
    const auto seen = sums_of(at_once.end(), bound, window);
    EXPECT_EQ(seen, sums_of(one_by_one.end(), bound, window));
    return seen;
}

/// The windows told when the log has been read so far, and more is to come.
template <class Window>
answers so_far(const std::vector<record>& log, cs::duration bound, Window window)
{
    script<row> input;
    input.timed(0, 0, log).stop(); // which tells no open window
    return sums_of(input, bound, window).windows;
}

/// The windows told of records that come at those times of the clock.
template <class Window>
answers told_live(const std::vector<std::pair<cs::duration, record>>& log, cs::duration bound,
    Window window)
{
    script<row> input;
    std::int64_t offset = 0;
    for (const auto& [time, what] : log) input.wait_until(at(time)).timed(0, offset++, {what});
    return sums_of(input.end(), bound, window).windows;
}

/// The sums that windows told of one key, in turn.
std::vector<int> sums_in(const answers& windows)
{
    std::vector<int> sums;
    for (const auto& w : windows) sums.push_back(w.rows.begin()->second);
    return sums;
}

constexpr auto told_early = cs::emission::early, told_again = cs::emission::update;

cs::duration on(std::chrono::year_month_day day)
{
    return std::chrono::sys_days(day).time_since_epoch();
}

/// A time of the day of Flink's table of bids, which serves the others, too.
cs::duration hms(int hours, int minutes, int seconds = 0)
{
    using namespace std::chrono;
    return on(2020y / April / 15) + std::chrono::hours(hours) + std::chrono::minutes(minutes)
         + std::chrono::seconds(seconds);
}

// Kafka Streams, developer guide, "Streams DSL", "Windowing".

// Both figures of aligned windows show these; the times are minutes.
std::vector<record> green_and_blue()
{
    std::vector<record> log;
    for (const auto& [key, minute] : std::vector<row>{{"green", 0}, {"blue", 1}, {"green", 3},
             {"blue", 4}, {"green", 5}, {"green", 7}, {"blue", 7}, {"blue", 9}, {"green", 10},
             {"blue", 11}, {"green", 12}, {"green", 13}, {"blue", 13}, {"blue", 14}, {"blue", 15},
             {"green", 16}})
        log.push_back({{key, 1}, std::chrono::minutes(minute)});
    return log;
}

TEST(KnownAnswersOfKafkaStreams, FigureOfTumblingTimeWindows)
{
    EXPECT_EQ(all(green_and_blue(), 0s, cs::window(5min)).windows,
        (answers{{0min, 5min, {{"green", 2}, {"blue", 2}}},
            {5min, 10min, {{"green", 2}, {"blue", 2}}}, {10min, 15min, {{"green", 3}, {"blue", 3}}},
            {15min, 20min, {{"green", 1}, {"blue", 1}}}}));
}

TEST(KnownAnswersOfKafkaStreams, FigureOfHoppingTimeWindows)
{
    // Begin, green, blue. Kafka Streams has no time before the epoch, so its figure begins at 0.
    // With us each record is in size / hop windows, also the first: the sums add up.
    const int figure[][3] = {{-4, 1, 0}, {-3, 1, 1}, {-2, 1, 1}, {-1, 2, 1}, //
        {0, 2, 2}, {1, 2, 2}, {2, 2, 1}, {3, 3, 2}, {4, 2, 2}, {5, 2, 2}, {6, 2, 2}, {7, 2, 3},
        {8, 2, 2}, {9, 3, 3}, {10, 3, 3}, {11, 2, 4}, {12, 3, 3}, {13, 2, 3}, {14, 1, 2},
        {15, 1, 1}, {16, 1, 0}};
    answers expected;
    for (const auto& [begin, green, blue] : figure) {
        const std::chrono::minutes first(begin);
        expected.push_back({first, first + 5min, {{"green", green}}});
        if (blue > 0) expected.back().rows["blue"] = blue;
    }
    EXPECT_EQ(all(green_and_blue(), 0s, cs::window(cs::hopping(5min, 1min))).windows, expected);
}

TEST(KnownAnswersOfKafkaStreams, BoundsOfHoppingTimeWindowsAreAlignedToTheEpoch)
{
    const auto seen
        = all({{{"a", 1}, 4999ms}, {{"a", 1}, 5000ms}}, 0s, cs::window(cs::hopping(5s, 3s)));
    EXPECT_EQ(seen.windows,
        (answers{{0s, 5s, {{"a", 1}}}, {3s, 8s, {{"a", 2}}}})); // [0;5000), [3000;8000)
}

// "Window final results": the window from 9 to 10 with a grace of 10 minutes.
TEST(KnownAnswersOfKafkaStreams, GracePeriodIsOurBound)
{
    const record first{{"u", 1}, hms(9, 0)}, late{{"u", 1}, hms(9, 59)},
        last{{"u", 1}, hms(10, 10) - 1us}, closing{{"u", 1}, hms(10, 10)};
    const auto hourly = cs::window(1h);
    EXPECT_EQ(so_far({first, last}, 10min, hourly), answers());
    EXPECT_EQ(so_far({first, closing}, 10min, hourly),
        (answers{{hms(9, 0), hms(10, 0), {{"u", 1}}}}));

    const auto accepted = all({first, last, late}, 10min, hourly);
    EXPECT_EQ(accepted.windows.front(), (answer{hms(9, 0), hms(10, 0), {{"u", 2}}}));
    EXPECT_EQ(accepted.late, 0U);
    const auto rejected = all({first, closing, late}, 10min, hourly);
    EXPECT_EQ(rejected.windows.front(), (answer{hms(9, 0), hms(10, 0), {{"u", 1}}}));
    EXPECT_EQ(rejected.late, 1U);
}

// "Session windows" and its figures, in minutes; the class SessionWindows, in milliseconds. Kafka
// Streams' session ends with its last record, and a record exactly the gap later still joins. Ours
// is half open, as all windows, and ends when the gap has passed: its end says when it is certain,
// and "active for the gap after each record" has one meaning at the bounds.

TEST(KnownAnswersOfKafkaStreams, FigureOfSessionsAfterThreeRecords)
{
    EXPECT_EQ(all({{{"green", 1}, 0min}, {{"blue", 1}, 2min}, {{"green", 1}, 6min}}, 5min,
                  cs::window(cs::session(5min)))
                  .windows,
        (answers{{0min, 5min, {{"green", 1}}}, {2min, 7min, {{"blue", 1}}},
            {6min, 11min, {{"green", 1}}}}));
}

TEST(KnownAnswersOfKafkaStreams, FigureOfSessionsAfterSixRecords)
{
    const auto seen = all({{{"green", 1}, 0min}, {{"blue", 1}, 2min}, {{"green", 1}, 6min},
                              {{"green", 1}, 4min}, {{"blue", 1}, 5min}, {{"blue", 1}, 11min}},
        5min, cs::window(cs::session(5min)));
    EXPECT_EQ(seen.windows,
        (answers{{2min, 10min, {{"blue", 2}}}, {0min, 11min, {{"green", 3}}},
            {11min, 16min, {{"blue", 1}}}}));
    EXPECT_EQ(seen.late, 0U);
}

TEST(KnownAnswersOfKafkaStreams, SessionWindowsMergedByALateRecord)
{
    std::vector<record> log{{{"A", 1}, 10ms}, {{"A", 2}, 12ms}, {{"A", 3}, 20ms}};
    EXPECT_EQ(all(log, 5ms, cs::window(cs::session(5ms))).windows,
        (answers{{10ms, 17ms, {{"A", 3}}}, {20ms, 25ms, {{"A", 3}}}}));
    log.push_back({{"A", 4}, 16ms});
    EXPECT_EQ(all(log, 5ms, cs::window(cs::session(5ms))).windows,
        (answers{{10ms, 25ms, {{"A", 10}}}}));
}

// "Sliding time windows" and its figure; the class SlidingWindows, in milliseconds. Kafka Streams
// has another window when a record drops out, if one comes within the next time difference: whether
// it is told depends on the future. Ours are those that end with a record: the last `size` at
// each.

answer window_up_to(cs::duration time, cs::duration size, int sum)
{
    return {time - size + 1us, time + 1us, {{"A", sum}}};
}

TEST(KnownAnswersOfKafkaStreams, FigureOfSlidingWindows)
{
    std::vector<record> log;
    for (const auto time : {0ms, 3ms, 5ms, 9ms, 13ms, 16ms}) log.push_back({{"A", 1}, time});
    EXPECT_EQ(all(log, 0s, cs::window(cs::sliding(5ms))).windows,
        (answers{window_up_to(0ms, 5ms, 1), window_up_to(3ms, 5ms, 2), // 0 and 3
            window_up_to(5ms, 5ms, 2), // 3 and 5: in the figure, too, 0 is out
            window_up_to(9ms, 5ms, 2), window_up_to(13ms, 5ms, 2), window_up_to(16ms, 5ms, 2)}));
}

TEST(KnownAnswersOfKafkaStreams, SlidingWindows)
{
    EXPECT_EQ(all({{{"A", 1}, 8000ms}, {{"A", 2}, 9200ms}, {{"A", 3}, 12400ms}}, 0s,
                  cs::window(cs::sliding(5s)))
                  .windows,
        (answers{window_up_to(8000ms, 5s, 1), window_up_to(9200ms, 5s, 3),
            window_up_to(12400ms, 5s, 6)}));
}

// The text, unlike the figure, has both bounds inclusive. Then windows of a size that follow each
// other share the events on their bounds; ours hold each once. A microsecond more is the same.
TEST(KnownAnswersOfKafkaStreams, SlidingWindowsExactlyTheTimeDifferenceApart)
{
    const std::vector<record> log{{{"A", 1}, 0s}, {{"A", 2}, 5s}};
    EXPECT_EQ(all(log, 0s, cs::window(cs::sliding(5s))).windows.back(), window_up_to(5s, 5s, 2));
    EXPECT_EQ(all(log, 0s, cs::window(cs::sliding(5s + 1us))).windows.back(),
        window_up_to(5s, 5s + 1us, 3));
}

// It is closed when the stream time is beyond its end and the grace period; its end is inclusive,
// so this is our rule. A record without a window of its own still counts in those after it.
TEST(KnownAnswersOfKafkaStreams, SlidingWindowsGracePeriod)
{
    EXPECT_EQ(all({{{"A", 1}, 9s}, {{"A", 2}, 8s}}, 1s, cs::window(cs::sliding(5s))).windows,
        (answers{window_up_to(8s, 5s, 2), window_up_to(9s, 5s, 3)}));
    const auto seen
        = all({{{"A", 1}, 9s + 1us}, {{"A", 2}, 8s}}, 1s, cs::window(cs::sliding(5s)));
    EXPECT_EQ(seen.windows, (answers{window_up_to(9s + 1us, 5s, 3)}));
    EXPECT_EQ(seen.late, 0U);
}

// Flink, Table API and SQL, "Windowing table-valued functions"; its watermark is a second behind.

std::vector<record> bids()
{
    return {{{"sum", 4}, hms(8, 5)}, {{"sum", 2}, hms(8, 7)}, {{"sum", 5}, hms(8, 9)},
        {{"sum", 3}, hms(8, 11)}, {{"sum", 1}, hms(8, 13)}, {{"sum", 6}, hms(8, 17)}};
}

TEST(KnownAnswersOfFlink, TumbleOfBids)
{
    EXPECT_EQ(all(bids(), 1s, cs::window(10min)).windows,
        (answers{{hms(8, 0), hms(8, 10), {{"sum", 11}}}, {hms(8, 10), hms(8, 20), {{"sum", 10}}}}));
}

TEST(KnownAnswersOfFlink, TumbleOfBidsWithAnOffset)
{
    EXPECT_EQ(all(bids(), 1s, cs::window(10min).offset(1min)).windows,
        (answers{{hms(8, 1), hms(8, 11), {{"sum", 11}}}, {hms(8, 11), hms(8, 21), {{"sum", 10}}}}));
}

TEST(KnownAnswersOfFlink, HopOfBids)
{
    EXPECT_EQ(all(bids(), 1s, cs::window(cs::hopping(10min, 5min))).windows,
        (answers{{hms(8, 0), hms(8, 10), {{"sum", 11}}}, {hms(8, 5), hms(8, 15), {{"sum", 15}}},
            {hms(8, 10), hms(8, 20), {{"sum", 10}}}, {hms(8, 15), hms(8, 25), {{"sum", 6}}}}));
}

TEST(KnownAnswersOfFlink, CumulateOfBids)
{
    EXPECT_EQ(all(bids(), 1s, cs::window(cs::cumulative(2min, 10min))).windows,
        (answers{{hms(8, 0), hms(8, 6), {{"sum", 4}}}, {hms(8, 0), hms(8, 8), {{"sum", 6}}},
            {hms(8, 0), hms(8, 10), {{"sum", 11}}}, {hms(8, 10), hms(8, 12), {{"sum", 3}}},
            {hms(8, 10), hms(8, 14), {{"sum", 4}}}, {hms(8, 10), hms(8, 16), {{"sum", 4}}},
            {hms(8, 10), hms(8, 18), {{"sum", 10}}}, {hms(8, 10), hms(8, 20), {{"sum", 10}}}}));
}

TEST(KnownAnswersOfFlink, SessionOfBids) // in the order of the document's table
{
    const std::vector<row> table[] = {
        {{"A", 4}, {"A", 2}, {"B", 5}, {"A", 3}, {"B", 1}},           // PARTITION BY item
        {{"sum", 4}, {"sum", 2}, {"sum", 5}, {"sum", 3}, {"sum", 1}}, // without keys
    };
    const answers expected[] = {
        {{hms(8, 6), hms(8, 13), {{"A", 9}}}, {hms(8, 9), hms(8, 14), {{"B", 5}}},
            {hms(8, 17), hms(8, 22), {{"B", 1}}}},
        {{hms(8, 6), hms(8, 14), {{"sum", 14}}}, {hms(8, 17), hms(8, 22), {{"sum", 1}}}},
    };
    const cs::duration times[] = {hms(8, 7), hms(8, 6), hms(8, 9), hms(8, 8), hms(8, 17)};
    for (std::size_t i = 0; i < std::size(table); ++i) {
        std::vector<record> log;
        for (std::size_t j = 0; j < std::size(times); ++j) log.push_back({table[i][j], times[j]});
        EXPECT_EQ(all(log, 1s, cs::window(cs::session(5min))).windows, expected[i]);
    }
}

TEST(KnownAnswersOfFlink, WindowOffset)
{
    const auto midnight = on(std::chrono::year(2021) / 6 / 30);
    const auto begin = [&](cs::duration offset) {
        const auto seen
            = all({{{"a", 1}, midnight + 4s}}, 0s, cs::window(10min).offset(offset)).windows;
        return seen.at(0).begin - midnight;
    };
    EXPECT_EQ(begin(-6min), -6min); // 23:54
    EXPECT_EQ(begin(-4min), -4min);
    EXPECT_EQ(begin(0min), 0min);
    EXPECT_EQ(begin(4min), -6min);
    EXPECT_EQ(begin(6min), -4min);
    // Flink takes these for -6 and 6 minutes. An offset beyond the size is a slip: we refuse it.
    EXPECT_THROW(cs::window(10min).offset(-16min), std::invalid_argument);
    EXPECT_THROW(cs::window(10min).offset(16min), std::invalid_argument);
}

// "Window aggregation", "Cascading window aggregation": a window's result happened at window_time,
// its end less one millisecond; with us, less one microsecond.
TEST(KnownAnswersOfFlink, CascadingWindowAggregation)
{
    virtual_run run;
    script<row> input;
    input.timed(0, 0, bids()).end();
    answers seen;
    auto sums = input.stream() | cs::event_time(1s) | cs::window(5min)
              | cs::reduce_by_key(std::plus{})
              | cs::map([](auto w) { return row("sum", w.begin()->second); }) | cs::window(10min)
              | cs::reduce_by_key(std::plus{});
    auto job = run.start(read_sums(std::move(sums), &seen));
    run.clock.settle();
    EXPECT_FALSE(job->error) << text_of(job->error);
    EXPECT_EQ(seen,
        (answers{{hms(8, 0), hms(8, 10), {{"sum", 11}}}, {hms(8, 10), hms(8, 20), {{"sum", 10}}}}));
}

// Flink, DataStream API, "Windows", "Tumbling windows" and "Sliding windows".

TEST(KnownAnswersOfFlink, HourlyWindows)
{
    const std::vector<record> log{{{"a", 1}, 1h}, {{"a", 1}, 2h - 1us}, {{"a", 1}, 2h}};
    EXPECT_EQ(all(log, 0s, cs::window(1h)).windows,
        (answers{{1h, 2h, {{"a", 2}}}, {2h, 3h, {{"a", 1}}}}));
    EXPECT_EQ(all(log, 0s, cs::window(1h).offset(15min)).windows,
        (answers{{15min, 75min, {{"a", 1}}}, {75min, 135min, {{"a", 2}}}}));
    EXPECT_EQ(all({{{"a", 1}, 2h}}, 0s, cs::window(cs::hopping(1h, 30min)).offset(15min)).windows,
        (answers{{75min, 135min, {{"a", 1}}}, {105min, 165min, {{"a", 1}}}}));
}

TEST(KnownAnswersOfFlink, DaysInChina)
{
    const std::vector<record> log{{{"a", 1}, hms(16, 0) - 1us}, {{"a", 1}, hms(16, 0)}};
    EXPECT_EQ(all(log, 0s, cs::window(24h).offset(-8h)).windows,
        (answers{{hms(-8, 0), hms(16, 0), {{"a", 1}}}, {hms(16, 0), hms(40, 0), {{"a", 1}}}}));
}

// "Window lifecycle": windows of 5 minutes that wait a minute, 12:00 to 12:05.
TEST(KnownAnswersOfFlink, WindowLifecycle)
{
    const record first{{"a", 1}, hms(12, 0)}, late{{"a", 1}, hms(12, 4)};
    EXPECT_EQ(so_far({first, {{"a", 1}, hms(12, 6) - 1us}}, 1min, cs::window(5min)), answers());
    EXPECT_EQ(so_far({first, {{"a", 1}, hms(12, 6)}}, 1min, cs::window(5min)),
        (answers{{hms(12, 0), hms(12, 5), {{"a", 1}}}}));
    EXPECT_EQ(all({first, {{"a", 1}, hms(12, 6) - 1us}, late}, 1min, cs::window(5min)).late, 0U);
    EXPECT_EQ(all({first, {{"a", 1}, hms(12, 6)}, late}, 1min, cs::window(5min)).late, 1U);
}

// "Builtin watermark generators": Flink's bounded watermark is a millisecond less than ours, and
// its window fires a millisecond before its end, so both wait for the same record. The watermark of
// its SQL examples lacks that millisecond, so there a window fires a millisecond early. Our
// watermark is the first time that may still come, so there is nothing to take off.
TEST(KnownAnswersOfFlink, BoundedOutOfOrdernessWithoutMinusOne)
{
    const record bid{{"sum", 4}, hms(8, 5)};
    EXPECT_EQ(so_far({bid, {{"sum", 1}, hms(8, 10, 1) - 1ms}}, 1s, cs::window(10min)), answers());
    EXPECT_EQ(so_far({bid, {{"sum", 1}, hms(8, 10, 1)}}, 1s, cs::window(10min)),
        (answers{{hms(8, 0), hms(8, 10), {{"sum", 4}}}}));
}

// Learn Flink, "Streaming analytics", "Surprises".

TEST(KnownAnswersOfFlink, TimeWindowsAreAlignedToTheEpoch)
{
    EXPECT_EQ(so_far({{{"a", 1}, hms(12, 5)}, {{"a", 1}, hms(13, 0)}}, 0s, cs::window(1h)),
        (answers{{hms(12, 0), hms(13, 0), {{"a", 1}}}}));
}

TEST(KnownAnswersOfFlink, SlidingWindowsMakeCopies) // with us panes, but as many results
{
    const auto seen = all({{{"a", 1}, hms(12, 5)}}, 0s, cs::window(cs::hopping(24h, 15min)));
    EXPECT_EQ(seen.windows.size(), 96U);
    EXPECT_EQ(seen.windows.front(), (answer{hms(-11, -45), hms(12, 15), {{"a", 1}}}));
    EXPECT_EQ(seen.windows.back(), (answer{hms(12, 0), hms(36, 0), {{"a", 1}}}));
}

TEST(KnownAnswersOfFlink, NoResultsForEmptyTimeWindows)
{
    const std::vector<record> log{{{"a", 1}, 0min}, {{"a", 1}, 20min}};
    EXPECT_EQ(all(log, 0s, cs::window(5min)).windows.size(), 2U);
    EXPECT_EQ(all(log, 0s, cs::window(5min).emit_empty()).windows.size(), 5U);
}

// Flink says late by the watermark of the task, the lowest of the partitions it reads; so a record
// counts or not by how far the other partitions happen to have been read. With us it is late by its
// own partition alone, so a second run of the same logs drops the same records.
TEST(KnownAnswersOfFlink, LateByItsOwnPartition)
{
    const std::vector<record> ahead{{{"a", 10}, hms(12, 10)}, {{"a", 100}, hms(12, 4)}},
        behind{{{"a", 1}, hms(12, 0)}, {{"a", 1}, hms(12, 4)}};
    const outcome expected{
        {{hms(12, 0), hms(12, 5), {{"a", 2}}}, {hms(12, 10), hms(12, 15), {{"a", 10}}}}, 1};
    script<row> one, other;
    one.timed(0, 0, ahead).timed(1, 0, behind).end();
    other.timed(1, 0, behind).timed(0, 0, ahead).end();
    EXPECT_EQ(sums_of(one, 0s, cs::window(5min)), expected);
    EXPECT_EQ(sums_of(other, 0s, cs::window(5min)), expected);
}

// "Allowed lateness", with the windows of "Window lifecycle", which are kept until 12:06. Flink
// tells a window again with each late record. We do when the watermark comes to the next bound of a
// window, or when no more is allowed: so it does not matter how the log is cut into batches.
TEST(KnownAnswersOfFlink, AllowedLateness)
{
    const record first{{"a", 1}, hms(12, 0)}, late{{"a", 2}, hms(12, 4)};
    const auto window = cs::window(5min).allowed(1min);
    const answer main_firing{hms(12, 0), hms(12, 5), {{"a", 1}}};
    auto late_firing = main_firing;
    late_firing.rows["a"] = 3;
    late_firing.emission = told_again;

    const auto before = watermark_at(hms(12, 6) - 1us), after = watermark_at(hms(12, 6));
    EXPECT_EQ(so_far({first, before, late}, 0s, window), (answers{main_firing}));
    EXPECT_EQ(so_far({first, before, late, after}, 0s, window),
        (answers{main_firing, late_firing}));
    EXPECT_EQ(all({first, before, late}, 0s, window), (outcome{{main_firing, late_firing}, 0}));
    EXPECT_EQ(all({first, after, late}, 0s, window), (outcome{{main_firing}, 1}));
}

// The default is 0: what comes behind the watermark is dropped.
TEST(KnownAnswersOfFlink, AllowedLatenessIsZeroByDefault)
{
    const std::vector<record> log{
        {{"a", 1}, hms(12, 0)}, watermark_at(hms(12, 5)), {{"a", 2}, hms(12, 4)}};
    const outcome expected{{{hms(12, 0), hms(12, 5), {{"a", 1}}}}, 1};
    EXPECT_EQ(all(log, 0s, cs::window(5min)), expected);
    EXPECT_EQ(all(log, 0s, cs::window(5min).allowed(0s)), expected);
}

// The same section: with global windows nothing is ever late.
TEST(KnownAnswersOfFlink, NothingIsLateForGlobalWindows)
{
    const auto seen = all({{{"a", 1}, hms(12, 0)}, {{"a", 2}, hms(9, 0)}}, 0s,
        cs::window(cs::global(cs::every(1min))));
    EXPECT_EQ(seen.windows.back().rows, (std::map<std::string, int>{{"a", 3}}));
    EXPECT_EQ(seen.late, 0U);
}

// Flink's own WindowOperatorTest, in milliseconds. Its `testLateness` has a trigger that purges, so
// that an update has the late record alone; ours has all of the window, as Flink's default trigger.
TEST(KnownAnswersOfFlink, TestLateness)
{
    EXPECT_EQ(all({{{"key2", 1}, 500ms}, watermark_at(1500ms), {{"key2", 1}, 1300ms},
                      watermark_at(2300ms), {{"key2", 1}, 1997ms}, watermark_at(6000ms),
                      {{"key2", 1}, 1998ms}, watermark_at(7000ms)},
                  0s, cs::window(2s).allowed(500ms)),
        (outcome{{{0s, 2s, {{"key2", 2}}}, {0s, 2s, {{"key2", 3}}, told_again}}, 1}));
}

// `testSideOutputDueToLatenessSliding`: 2400 is late for the first of its three windows only, the
// last 3001 for all.
TEST(KnownAnswersOfFlink, TestSideOutputDueToLatenessSliding)
{
    EXPECT_EQ(all({{{"key2", 1}, 1000ms}, watermark_at(2000ms), {{"key2", 1}, 2000ms},
                      watermark_at(3000ms), {{"key1", 1}, 3001ms}, {{"key2", 1}, 2400ms},
                      {{"key2", 1}, 2400ms}, {{"key1", 1}, 3001ms}, {{"key2", 1}, 3900ms},
                      watermark_at(6000ms), {{"key1", 1}, 3001ms}, watermark_at(25'000ms)},
                  0s, cs::window(cs::hopping(3s, 1s))),
        (outcome{{{-1s, 2s, {{"key2", 1}}}, {0s, 3s, {{"key2", 2}}},
                     {1s, 4s, {{"key2", 5}, {"key1", 2}}}, {2s, 5s, {{"key2", 4}, {"key1", 2}}},
                     {3s, 6s, {{"key2", 1}, {"key1", 2}}}},
            1}));
}

// Beam, programming guide, "Fixed time windows", and "Watermarks and late data": a record of 3:38
// after the window up to 5:00 was closed at 5:30.

TEST(KnownAnswersOfBeam, FixedTimeWindows)
{
    EXPECT_EQ(all({{{"a", 1}, 0s}, {{"a", 2}, 5min - 1us}, {{"a", 4}, 5min}, {{"a", 8}, 10min}}, 0s,
                  cs::window(5min))
                  .windows,
        (answers{{0min, 5min, {{"a", 3}}}, {5min, 10min, {{"a", 4}}}, {10min, 15min, {{"a", 8}}}}));
}

TEST(KnownAnswersOfBeam, WatermarksAndLateData)
{
    const record first{{"a", 1}, 4min + 59s}, late{{"a", 2}, 3min + 38s};
    const auto before = all({first, {{"a", 4}, 5min + 29s}, late}, 30s, cs::window(5min));
    EXPECT_EQ(before.windows, (answers{{0min, 5min, {{"a", 3}}}, {5min, 10min, {{"a", 4}}}}));
    EXPECT_EQ(before.late, 0U);
    const auto after = all({first, {{"a", 4}, 5min + 34s}, late}, 30s, cs::window(5min));
    EXPECT_EQ(after.windows, (answers{{0min, 5min, {{"a", 1}}}, {5min, 10min, {{"a", 4}}}}));
    EXPECT_EQ(after.late, 1U);
}

// "Fixed time windows", "Sliding time windows" and "Session windows", their figures (which have no
// numbers); and "Setting your PCollection's windowing function": its examples, with the numbers of
// the guide's own tests in Python (snippets_test.py) and TypeScript (programming_guide.ts).

std::vector<record> numbered(const std::vector<int>& of, cs::duration unit)
{
    std::vector<record> log;
    for (const int n : of) log.push_back({{"k", n}, n * unit});
    return log;
}

TEST(KnownAnswersOfBeam, FigureOfFixedTimeWindows)
{
    EXPECT_EQ(all({{{"k", 1}, 0s}, {{"k", 2}, 30s - 1us}, {{"k", 4}, 30s}}, 0s, cs::window(30s))
                  .windows,
        (answers{{0s, 30s, {{"k", 3}}}, {30s, 60s, {{"k", 4}}}}));
}

TEST(KnownAnswersOfBeam, FigureOfSlidingTimeWindows) // each element is in two
{
    EXPECT_EQ(all({{{"k", 1}, 0s}, {{"k", 2}, 30s}, {{"k", 4}, 60s}}, 0s,
                  cs::window(cs::hopping(60s, 30s)))
                  .windows,
        (answers{{-30s, 30s, {{"k", 1}}}, {0s, 60s, {{"k", 3}}}, {30s, 90s, {{"k", 6}}},
            {60s, 120s, {{"k", 4}}}}));
}

TEST(KnownAnswersOfBeam, FigureOfSessionWindows) // each key has its own
{
    EXPECT_EQ(all({{{"key 1", 1}, 0s}, {{"key 2", 1}, 5s}, {{"key 1", 2}, 9s}, {{"key 2", 2}, 15s}},
                  0s, cs::window(cs::session(10s)))
                  .windows,
        (answers{{5s, 15s, {{"key 2", 1}}}, {0s, 19s, {{"key 1", 3}}},
            {15s, 25s, {{"key 2", 2}}}}));
}

TEST(KnownAnswersOfBeam, SettingFixedWindows)
{
    EXPECT_EQ(all(numbered({22, 33, 55, 100, 115, 120}, 1s), 0s, cs::window(60s)).windows,
        (answers{{0s, 60s, {{"k", 110}}}, {60s, 120s, {{"k", 215}}}, {120s, 180s, {{"k", 120}}}}));
}

TEST(KnownAnswersOfBeam, SettingSlidingWindows)
{
    const auto windows = cs::window(cs::hopping(30s, 5s));
    const auto seen = all(numbered({2, 16, 23}, 1s), 0s, windows).windows;
    EXPECT_EQ(seen.front(), (answer{-25s, 5s, {{"k", 2}}}));
    EXPECT_EQ(sums_in(seen), (std::vector{2, 2, 2, 18, 41, 41, 39, 39, 39, 23}));
    EXPECT_EQ(sums_in(all(numbered({1, 2, 3, 4, 5, 12}, 1s), 0s, windows).windows),
        (std::vector{10, 15, 27, 27, 27, 27, 17, 12}));
}

TEST(KnownAnswersOfBeam, SettingSessionWindows)
{
    const auto sessions = cs::window(cs::session(600s));
    EXPECT_EQ(all(numbered({2, 11, 16, 27}, 1min), 0s, sessions).windows,
        (answers{{2min, 26min, {{"k", 29}}}, {27min, 37min, {{"k", 27}}}}));
    EXPECT_EQ(all(numbered({1, 2, 600, 1800, 1900}, 1s), 0s, sessions).windows,
        (answers{{1s, 1200s, {{"k", 603}}}, {1800s, 2500s, {{"k", 3700}}}}));
}

// "Window accumulation modes": a trigger at every third element, in a window of 10 minutes. Ours of
// a size are told early by the clock; every so many elements only the global one is.

const std::vector<int> of_key_x{5, 8, 3, 15, 19, 23, 9, 13, 10};

TEST(KnownAnswersOfBeam, AccumulatingMode)
{
    std::vector<std::pair<cs::duration, record>> three_a_minute;
    std::vector<record> log;
    for (const auto x : of_key_x) {
        log.push_back({{"X", x}, 20s * static_cast<int>(log.size()) + 10s});
        three_a_minute.emplace_back(log.back().second, log.back());
    }
    three_a_minute.emplace_back(10min, watermark_at(10min));
    EXPECT_EQ(told_live(three_a_minute, 0s, cs::window(10min).early(1min)),
        (answers{{0s, 10min, {{"X", 16}}, told_early}, {0s, 10min, {{"X", 73}}, told_early},
            {0s, 10min, {{"X", 105}}, told_early}, {0s, 10min, {{"X", 105}}}}));

    const auto seen = all(log, 0s, cs::window(cs::global(cs::every(3)))).windows;
    EXPECT_EQ(sums_in(seen), (std::vector{16, 73, 105, 105})); // the end completes it
}

TEST(KnownAnswersOfBeam, DiscardingMode)
{
    EXPECT_EQ(sums_in(all(numbered(of_key_x, 1s), 1min, cs::window(cs::elements(3))).windows),
        (std::vector{16, 57, 32}));
}

// "Managing late data": windows of a minute, and two days are allowed. "Handling late data" tells
// them again at once; ours wait for the next bound of a window, as in `AllowedLateness` of Flink.
TEST(KnownAnswersOfBeam, ManagingLateData)
{
    const record first{{"a", 1}, 0s}, late{{"a", 2}, 59s};
    const auto window = cs::window(1min).allowed(48h);
    EXPECT_EQ(all({first, watermark_at(48h + 1min - 1us), late}, 0s, window),
        (outcome{{{0s, 1min, {{"a", 1}}}, {0s, 1min, {{"a", 3}}, told_again}}, 0}));
    EXPECT_EQ(all({first, watermark_at(48h + 1min), late}, 0s, window),
        (outcome{{{0s, 1min, {{"a", 1}}}}, 1}));
}

// "Streaming 102" and "Streaming Systems", chapter 2: the scores of a team, as they came; the
// numbers are of the book's own tests, BeamModelTest in takidau/streamingbook.

std::vector<record> scores()
{
    return {{{"X", 5}, hms(12, 0, 26)}, {{"X", 7}, hms(12, 2, 24)}, {{"X", 3}, hms(12, 3, 39)},
        {{"X", 4}, hms(12, 4, 19)}, {{"X", 8}, hms(12, 3, 6)}, {{"X", 3}, hms(12, 6, 39)},
        {{"X", 9}, hms(12, 1, 25)}, {{"X", 8}, hms(12, 7, 26)}, {{"X", 1}, hms(12, 7, 46)}};
}

answers two_minutes_each(std::vector<int> sums)
{
    answers expected;
    for (auto begin = hms(12, 0); int sum : sums) {
        expected.push_back({begin, begin + 2min, {{"X", sum}}});
        begin += 2min;
    }
    return expected;
}

TEST(KnownAnswersOfBeam, ClassicBatchOfFigure2_3)
{
    const auto seen = all(scores(), 6min, cs::window(cs::global(cs::every(1h)))).windows;
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].rows, (std::map<std::string, int>{{"X", 48}}));
}

TEST(KnownAnswersOfBeam, FixedWindowsOfFigure2_5AndThePerfectWatermarkOfFigure2_10)
{
    const auto seen = all(scores(), 6min, cs::window(2min));
    EXPECT_EQ(seen.windows, two_minutes_each({14, 18, 4, 12}));
    EXPECT_EQ(seen.late, 0U);
}

TEST(KnownAnswersOfBeam, HeuristicWatermarkOfFigure2_10MissesTheNine)
{
    const auto seen = all(scores(), 1min, cs::window(2min));
    EXPECT_EQ(seen.windows, two_minutes_each({5, 18, 4, 12}));
    EXPECT_EQ(seen.late, 1U);
}

// Figure 2-11, and the programming guide's "Event time triggers": early, on-time and late panes.
// The scores with when they came, after 12:00, and the book's heuristic watermark. That one is
// given, not the highest time less a bound: so the bound is an hour, of the watermark's records.
std::vector<std::pair<cs::duration, record>> scores_as_they_came(const std::vector<record>& more)
{
    const auto score = scores();
    std::vector<std::pair<cs::duration, record>> log{{4min + 59s, score[0]},
        {5min + 39s, score[1]}, {6min, watermark_at(hms(13, 2))}, {6min + 13s, score[2]},
        {6min + 39s, score[3]}, {7min + 6s, score[4]}, {7min + 19s, score[5]},
        {7min + 30s, watermark_at(hms(13, 4))}, {7min + 40s, watermark_at(hms(13, 6))},
        {8min + 19s, score[6]}, {8min + 39s, score[7]}, {9min, score[8]},
        {9min + 30s, watermark_at(hms(13, 8))}};
    for (const auto& r : more) log.insert(log.begin() + 5, {6min + 39s, r});
    return log;
}

answer score_from(int minute, int sum, cs::emission what = cs::emission::complete)
{
    return {hms(12, minute), hms(12, minute + 2), {{"X", sum}}, what};
}

// The book's early panes come a minute after the first element that is new to them; ours every
// minute of the clock, for all windows at once: hence other sums so far, and the same in the end.
// Its late pane comes with the nine, ours with the next bound.
TEST(KnownAnswersOfBeam, EarlyOnTimeAndLatePanesOfFigure2_11)
{
    EXPECT_EQ(told_live(scores_as_they_came({}), 1h, cs::window(2min).early(1min).allowed(1h)),
        (answers{score_from(0, 5, told_early), score_from(0, 5), score_from(2, 7, told_early),
            score_from(2, 10, told_early), score_from(4, 4, told_early), score_from(2, 18),
            score_from(4, 4), score_from(6, 3, told_early), score_from(6, 12, told_early),
            score_from(0, 14, told_again), score_from(6, 12)}));
}

// Figure 2-12: two minutes are allowed; a six comes within them, the nine after them.
TEST(KnownAnswersOfBeam, AllowedLatenessOfFigure2_12)
{
    const record six{{"X", 6}, hms(12, 0, 53)};
    EXPECT_EQ(told_live(scores_as_they_came({six}), 1h, cs::window(2min).allowed(2min)),
        (answers{score_from(0, 5), score_from(0, 11, told_again), score_from(2, 18),
            score_from(4, 4), score_from(6, 12)}));
}

// "The Dataflow Model" (VLDB 2015), 2.2.2 "Window merging": sessions with a gap of 30 minutes.
TEST(KnownAnswersOfBeam, WindowMergingOfTheDataflowModel)
{
    EXPECT_EQ(all({{{"k1", 1}, hms(13, 2)}, {{"k2", 2}, hms(13, 14)}, {{"k1", 3}, hms(13, 57)},
                      {{"k1", 4}, hms(13, 20)}},
                  1h, cs::window(cs::session(30min)))
                  .windows,
        (answers{{hms(13, 14), hms(13, 44), {{"k2", 2}}}, {hms(13, 2), hms(13, 50), {{"k1", 5}}},
            {hms(13, 57), hms(14, 27), {{"k1", 3}}}}));
}

// Beam's own SessionsTest, in milliseconds. Beam's bounds are ours: sessions that only touch are
// two. In Flink they are one (`TimeWindow.intersects`), against its own documents, by which events
// have to be less than the gap apart; in Kafka Streams they are, too.
TEST(KnownAnswersOfBeam, SessionsTest)
{
    const auto sessions_of = [](const std::vector<cs::duration>& times, cs::duration gap) {
        std::vector<record> log;
        for (const auto time : times) log.push_back({{"n", 1}, time});
        return all(log, 100ms, cs::window(cs::session(gap))).windows;
    };
    EXPECT_EQ(sessions_of({0ms, 10ms, 101ms}, 10ms), // simple
        (answers{{0ms, 10ms, {{"n", 1}}}, {10ms, 20ms, {{"n", 1}}}, {101ms, 111ms, {{"n", 1}}}}));
    EXPECT_EQ(sessions_of({0ms, 10ms, 101ms}, 10ms + 1us), // as Flink and Kafka Streams have it
        (answers{{0ms, 20ms + 1us, {{"n", 2}}}, {101ms, 111ms + 1us, {{"n", 1}}}}));
    EXPECT_EQ(sessions_of({1ms, 2ms, 5ms, 9ms, 100ms, 101ms}, 10ms), // consecutive
        (answers{{1ms, 19ms, {{"n", 4}}}, {100ms, 111ms, {{"n", 2}}}}));
    EXPECT_EQ(sessions_of({1ms, 15ms, 30ms, 100ms, 101ms, 95ms, 22ms, 10ms}, 10ms), // merging
        (answers{{1ms, 40ms, {{"n", 5}}}, {95ms, 111ms, {{"n", 3}}}}));
    EXPECT_EQ(sessions_of({1ms, 2ms, 1000ms, 5000ms, 5001ms, 10000ms}, 1s), // time unit
        (answers{{1ms, 2000ms, {{"n", 3}}}, {5000ms, 6001ms, {{"n", 2}}},
            {10000ms, 11000ms, {{"n", 1}}}}));
}

// "Streaming Systems", figure 4-7: sessions with a gap of a minute. The book tells 5 and 22 when
// the watermark comes to their ends, and when the nine comes, late, takes both back for 36.
// We tell a window once: the bound says how long to wait for the nine.
TEST(KnownAnswersOfBeam, SessionsOfFigure4_7)
{
    const auto minute = cs::window(cs::session(1min));
    const auto waits = all(scores(), 6min, minute);
    EXPECT_EQ(waits.windows,
        (answers{{hms(12, 0, 26), hms(12, 5, 19), {{"X", 36}}},
            {hms(12, 6, 39), hms(12, 8, 46), {{"X", 12}}}}));
    EXPECT_EQ(waits.late, 0U);

    const auto on_time = all(scores(), 58s, minute); // as soon as the book's watermark
    EXPECT_EQ(on_time.windows,
        (answers{{hms(12, 0, 26), hms(12, 1, 26), {{"X", 5}}},
            {hms(12, 2, 24), hms(12, 5, 19), {{"X", 22}}},
            {hms(12, 6, 39), hms(12, 8, 46), {{"X", 12}}}}));
    EXPECT_EQ(on_time.late, 1U);

    // Between the two the nine joins what is still open, and what was told stays as it was.
    const auto joins = all(scores(), 5min, minute);
    EXPECT_EQ(joins.windows,
        (answers{{hms(12, 0, 26), hms(12, 1, 26), {{"X", 5}}},
            {hms(12, 1, 25), hms(12, 5, 19), {{"X", 31}}},
            {hms(12, 6, 39), hms(12, 8, 46), {{"X", 12}}}}));
    EXPECT_EQ(joins.late, 0U);
}

// The nine is behind its watermark, so it reaches back to the session that is out no more than it
// would in a stream without the other partition, where that session has been told already.
TEST(KnownAnswersOfBeam, SessionsOfFigure4_7InEitherOrderOfPartitions)
{
    const std::vector<record> ahead{{{"Y", 1}, hms(13, 0)}};
    const answers expected{{hms(12, 0, 26), hms(12, 1, 26), {{"X", 5}}},
        {hms(12, 1, 25), hms(12, 5, 19), {{"X", 31}}},
        {hms(12, 6, 39), hms(12, 8, 46), {{"X", 12}}}, {hms(13, 0), hms(13, 1), {{"Y", 1}}}};
    script<row> one, other;
    one.timed(0, 0, scores()).timed(1, 0, ahead).end();
    other.timed(1, 0, ahead).timed(0, 0, scores()).end();
    EXPECT_EQ(sums_of(one, 5min, cs::window(cs::session(1min))).windows, expected);
    EXPECT_EQ(sums_of(other, 5min, cs::window(cs::session(1min))).windows, expected);
}

// Spark, SQL reference, `session_window`: a gap of 5 minutes. Ours come in order of their end.
TEST(KnownAnswersOfSpark, SessionWindow)
{
    const std::vector<record> log{{{"A1", 1}, hms(0, 0)}, {{"A1", 1}, hms(0, 4, 30)},
        {{"A1", 1}, hms(0, 10)}, {{"A2", 1}, hms(0, 1)}};
    EXPECT_EQ(all(log, 10min, cs::window(cs::session(5min))).windows,
        (answers{{hms(0, 1), hms(0, 6), {{"A2", 1}}}, {hms(0, 0), hms(0, 9, 30), {{"A1", 2}}},
            {hms(0, 10), hms(0, 15), {{"A1", 1}}}}));
}

// PySpark reference, `functions.window`: the bounds, its example, and `startTime`.
TEST(KnownAnswersOfSpark, TumblingWindow)
{
    EXPECT_EQ(all({{{"", 1}, hms(12, 5)}}, 0s, cs::window(5min)).windows,
        (answers{{hms(12, 5), hms(12, 10), {{"", 1}}}}));
    const auto morning = [](int second) {
        return on(std::chrono::year(2016) / 3 / 11) + 9h + std::chrono::seconds(second);
    };
    EXPECT_EQ(all({{{"", 1}, morning(7)}}, 0s, cs::window(5s)).windows,
        (answers{{morning(5), morning(10), {{"", 1}}}}));
    EXPECT_EQ(
        all({{{"", 1}, hms(12, 20)}, {{"", 2}, hms(13, 15)}}, 0s, cs::window(1h).offset(15min))
            .windows,
        (answers{{hms(12, 15), hms(13, 15), {{"", 1}}}, {hms(13, 15), hms(14, 15), {{"", 2}}}}));
}

// Spark, Structured Streaming programming guide, "Window operations on event time": windows of 10
// minutes every 5. Its figures leave out the windows that begin before 12:00.

std::vector<record> words_until_12_07()
{
    return {{{"cat", 1}, hms(12, 2)}, {{"dog", 1}, hms(12, 2)}, {{"dog", 1}, hms(12, 3)},
        {{"dog", 1}, hms(12, 3)}, {{"owl", 1}, hms(12, 7)}, {{"cat", 1}, hms(12, 7)}};
}

const auto ten_every_five = cs::window(cs::hopping(10min, 5min));

TEST(KnownAnswersOfSpark, WindowOperationsOnEventTime)
{
    auto log = words_until_12_07();
    log.insert(log.end(), {{{"dog", 1}, hms(12, 11)}, {{"owl", 1}, hms(12, 13)}});
    EXPECT_EQ(all(log, 10min, ten_every_five).windows,
        (answers{{hms(11, 55), hms(12, 5), {{"cat", 1}, {"dog", 3}}},
            {hms(12, 0), hms(12, 10), {{"cat", 2}, {"dog", 3}, {"owl", 1}}},
            {hms(12, 5), hms(12, 15), {{"cat", 1}, {"owl", 2}, {"dog", 1}}},
            {hms(12, 10), hms(12, 20), {{"dog", 1}, {"owl", 1}}}}));
}

TEST(KnownAnswersOfSpark, HandlingLateData) // a dog of 12:04 comes after 12:11
{
    auto log = words_until_12_07();
    log.insert(log.end(), {{{"dog", 1}, hms(12, 4)}, {{"owl", 1}, hms(12, 13)}});
    const auto seen = all(log, 10min, ten_every_five);
    EXPECT_EQ(seen.windows,
        (answers{{hms(11, 55), hms(12, 5), {{"cat", 1}, {"dog", 4}}},
            {hms(12, 0), hms(12, 10), {{"cat", 2}, {"dog", 4}, {"owl", 1}}},
            {hms(12, 5), hms(12, 15), {{"cat", 1}, {"owl", 2}}},
            {hms(12, 10), hms(12, 20), {{"owl", 1}}}}));
    EXPECT_EQ(seen.late, 0U);
}

std::vector<record> words_of_the_watermark_at()
{
    return {{{"dog", 1}, hms(12, 7)}, {{"owl", 1}, hms(12, 8)}, {{"dog", 1}, hms(12, 14)},
        {{"cat", 1}, hms(12, 9)}, {{"cat", 1}, hms(12, 15)}, {{"dog", 1}, hms(12, 8)},
        {{"owl", 1}, hms(12, 13)}, {{"owl", 1}, hms(12, 21)}, {{"donkey", 1}, hms(12, 4)},
        {{"owl", 1}, hms(12, 26)}, {{"owl", 1}, hms(12, 17)}, {{"cat", 1}, hms(12, 9)}};
}

// "Handling late data and watermarking", append mode: the donkey of 12:04 and the last cat, of
// 12:09, are too late. The figure counts a second cat from 12:05 to 12:15, that of 12:15: by the
// guide's own bounds, and ours, it is in the next window.
TEST(KnownAnswersOfSpark, WatermarkInAppendMode)
{
    const answers final_counts{{hms(12, 0), hms(12, 10), {{"owl", 1}, {"cat", 1}, {"dog", 2}}},
        {hms(12, 5), hms(12, 15), {{"owl", 2}, {"cat", 1}, {"dog", 3}}}};
    EXPECT_EQ(so_far(words_of_the_watermark_at(), 10min, ten_every_five), final_counts);

    const auto seen = all(words_of_the_watermark_at(), 10min, ten_every_five);
    EXPECT_EQ(seen.late, 2U);
    auto expected = final_counts;
    expected.insert(expected.end(),
        {{hms(12, 10), hms(12, 20), {{"dog", 1}, {"cat", 1}, {"owl", 2}}},
            {hms(12, 15), hms(12, 25), {{"cat", 1}, {"owl", 2}}},
            {hms(12, 20), hms(12, 30), {{"owl", 2}}}, {hms(12, 25), hms(12, 35), {{"owl", 1}}}});
    EXPECT_EQ(seen.windows, expected);
}

answer from(int minute, std::map<std::string, int> rows,
    cs::emission what = cs::emission::complete)
{
    return {hms(12, minute), hms(12, minute + 10), std::move(rows), what};
}

// The same words in update mode: each trigger, every 5 minutes, writes what counts have changed.
// That is `early`. Ours has the other rows of those windows, too, and a window comes once more when
// it is complete, since who reads it cannot know otherwise: Spark lets it go without a word. From
// 12:00 to 12:10 that is with the owl of 12:21, so that nothing is left of it for the trigger at
// 12:20, where Spark writes its second dog. In which minute between triggers a word comes is ours.
TEST(KnownAnswersOfSpark, WatermarkInUpdateMode)
{
    const auto words = words_of_the_watermark_at();
    std::vector<std::pair<cs::duration, record>> log;
    for (const auto minute : {7, 8, 14, 14, 16, 17, 18, 19, 21, 22, 23, 24})
        log.emplace_back(std::chrono::minutes(minute), words[log.size()]);
    log.emplace_back(26min, watermark_at(hms(12, 26))); // the input goes on after the last trigger

    EXPECT_EQ(told_live(log, 10min, ten_every_five.early(5min)),
        (answers{from(0, {{"dog", 1}, {"owl", 1}}, told_early), // 12:10
            from(5, {{"dog", 1}, {"owl", 1}}, told_early),
            from(0, {{"dog", 1}, {"owl", 1}, {"cat", 1}}, told_early), // 12:15
            from(5, {{"dog", 2}, {"owl", 1}, {"cat", 1}}, told_early),
            from(10, {{"dog", 1}}, told_early), //
            from(0, {{"dog", 2}, {"owl", 1}, {"cat", 1}}), // 12:19, the watermark is 12:11
            from(5, {{"dog", 3}, {"owl", 2}, {"cat", 1}}, told_early), // 12:20
            from(10, {{"dog", 1}, {"owl", 1}, {"cat", 1}}, told_early),
            from(15, {{"owl", 1}, {"cat", 1}}, told_early), from(20, {{"owl", 1}}, told_early),
            from(5, {{"dog", 3}, {"owl", 2}, {"cat", 1}}), // 12:22, the watermark is 12:16
            from(10, {{"dog", 1}, {"owl", 2}, {"cat", 1}}, told_early), // 12:25
            from(15, {{"owl", 2}, {"cat", 1}}, told_early), from(20, {{"owl", 2}}, told_early),
            from(25, {{"owl", 1}}, told_early), //
            from(10, {{"dog", 1}, {"owl", 2}, {"cat", 1}}), // the end
            from(15, {{"owl", 2}, {"cat", 1}}), from(20, {{"owl", 2}}), from(25, {{"owl", 1}})}));
}

// Update mode by event time alone: with no bound, and 10 minutes allowed, a window is told when the
// watermark has come to its end, and again when late words have changed it. The same words are too
// late, and each window is told last with the same counts, whatever the triggers.
TEST(KnownAnswersOfSpark, WatermarkInUpdateModeByAllowedLateness)
{
    EXPECT_EQ(all(words_of_the_watermark_at(), 0s, ten_every_five.allowed(10min)),
        (outcome{{from(0, {{"dog", 1}, {"owl", 1}}), // with the dog of 12:14
                     from(0, {{"dog", 1}, {"owl", 1}, {"cat", 1}}, told_again), // the cat of 12:15
                     from(5, {{"dog", 2}, {"owl", 1}, {"cat", 1}}),
                     from(0, {{"dog", 2}, {"owl", 1}, {"cat", 1}}, told_again), // the owl of 12:21
                     from(5, {{"dog", 3}, {"owl", 2}, {"cat", 1}}, told_again),
                     from(10, {{"dog", 1}, {"owl", 1}, {"cat", 1}}),
                     from(15, {{"owl", 1}, {"cat", 1}}), // the owl of 12:26
                     from(10, {{"dog", 1}, {"owl", 2}, {"cat", 1}}, told_again), // the end
                     from(15, {{"owl", 2}, {"cat", 1}}, told_again), from(20, {{"owl", 2}}),
                     from(25, {{"owl", 1}})},
            2}));
}

// Spark moves its watermark between triggers: after 12:21 it is 12:11, but only from the next
// trigger on. Ours moves with each record, so that it does not matter when a batch is read.
TEST(KnownAnswersOfSpark, WatermarkDoesNotWaitForATrigger)
{
    const std::vector<record> log{
        {{"dog", 1}, hms(12, 7)}, {{"owl", 1}, hms(12, 21)}, {{"donkey", 1}, hms(12, 4)}};
    const auto seen = all(log, 10min, ten_every_five); // also in one batch
    EXPECT_EQ(seen.windows.front(), (answer{hms(12, 0), hms(12, 10), {{"dog", 1}}}));
    EXPECT_EQ(seen.late, 1U);
}

// `withWatermark` takes the highest time of all partitions, so a partition that is read later loses
// all it has. Ours takes the lowest: the windows wait for it.
TEST(KnownAnswersOfSpark, WatermarkOfAllPartitionsIsTheLowest)
{
    const std::vector<record> ahead{{{"owl", 1}, hms(12, 26)}},
        behind{{{"donkey", 1}, hms(12, 4)}};
    const outcome expected{
        {{hms(11, 55), hms(12, 5), {{"donkey", 1}}}, {hms(12, 0), hms(12, 10), {{"donkey", 1}}},
            {hms(12, 20), hms(12, 30), {{"owl", 1}}}, {hms(12, 25), hms(12, 35), {{"owl", 1}}}},
        0};
    script<row> one, other;
    one.timed(0, 0, ahead).timed(1, 0, behind).end();
    other.timed(1, 0, behind).timed(0, 0, ahead).end();
    EXPECT_EQ(sums_of(one, 10min, ten_every_five), expected);
    EXPECT_EQ(sums_of(other, 10min, ten_every_five), expected);
}

} // namespace
