// Whole pipelines of windows that crash, are stopped, and lose partitions and get them back, in
// very many small cases: what is told last of each window, and what is late, is what comes of a run
// without trouble. Commits go the way through the group's metadata.
//
// A case that fails prints WINDOWS_SEED=n; with that in the environment only this case is run.
// A tenth of WINDOWS_CASES are run of each kind and trouble, from WINDOWS_FROM on.

#include "restarts_case.hpp"

#include <corostream/time/cumulative.hpp>
#include <corostream/time/elements.hpp>
#include <corostream/time/hopping.hpp>
#include <corostream/time/session.hpp>
#include <corostream/time/sliding.hpp>
#include <corostream/time/tumbling.hpp>
#include <corostream/time/window.hpp>
#include <support/environment.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace restarts {

// ---- windows

auto tumbling(random_source& random)
{
    return cs::window(cs::tumbling(random.pick_time(1, 20)));
}
auto hopping(random_source& random)
{
    const auto size = random.pick(1, 20);
    return cs::window(cs::hopping(cs::duration(size), random.pick_time(1, size)));
}
auto cumulative(random_source& random)
{
    const auto step = random.pick_time(1, 6);
    return cs::window(cs::cumulative(step, step * random.pick(1, 5)));
}
auto session(random_source& random) { return cs::window(cs::session(random.pick_time(1, 12))); }
auto sliding(random_source& random) { return cs::window(cs::sliding(random.pick_time(1, 20))); }
auto elements(random_source& random)
{
    const auto size = random.pick(1, 6);
    return cs::window(cs::elements(size, random.pick(1, size)));
}
template <auto Pick>
auto allowing(random_source& random)
{
    auto windows = Pick(random);
    return std::move(windows).allowed(random.pick_time(0, 20));
}
template <auto Pick>
auto telling_empty(random_source& random)
{
    return Pick(random).emit_empty();
}

// ---- programs

/// What they have in common: the windows, and by default one topic and each window told once.
template <auto... Pick>
struct program {
    static constexpr std::size_t topics = 1;
    static constexpr bool tells_once = true;
    static constexpr bool branches = false; // they may differ in what partitions they know

    explicit program(random_source& random)
        : windows{Pick(random)...}
    {
    }
    template <std::size_t I = 0>
    auto window() const
    {
        return std::get<I>(windows);
    }

    std::tuple<decltype(Pick(std::declval<random_source&>()))...> windows;
};

template <auto Pick>
struct one_topic : program<Pick> {
    using program<Pick>::program;
    void start(attempt& a) const
    {
        a.start(
            a.timed(0) | this->window().late_to(a.late()) | numbers_by_key() | a.tell());
    }
};

template <auto Pick>
struct with_late_ones_allowed : one_topic<allowing<Pick>> {
    using one_topic<allowing<Pick>>::one_topic;
    static constexpr bool tells_once = false;
};

template <auto Pick>
struct two_topics : program<Pick> {
    using program<Pick>::program;
    static constexpr std::size_t topics = 2;
};

template <auto Pick>
struct merged : two_topics<Pick> {
    using two_topics<Pick>::two_topics;
    void start(attempt& a) const
    {
        a.start(cs::merge(a.timed(0), a.timed(1)) | this->window().late_to(a.late())
                | numbers_by_key() | a.tell());
    }
};

template <auto Pick>
struct merged_before_event_time : two_topics<Pick> {
    using two_topics<Pick>::two_topics;
    void start(attempt& a) const
    {
        a.start(cs::merge(a.plain(0), a.plain(1)) | a.by_time()
                | this->window().late_to(a.late()) | numbers_by_key() | a.tell());
    }
};

template <auto Pick>
struct merged_results : two_topics<Pick> {
    using two_topics<Pick>::two_topics;
    void start(attempt& a) const
    {
        auto one = a.timed(0) | this->window().late_to(a.late()) | numbers_by_key();
        auto two = a.timed(1) | this->window().late_to(a.late()) | numbers_by_key();
        a.start(cs::merge(std::move(one), std::move(two)) | a.tell());
    }
};

constexpr auto is_third = [](const event& e) { return e.number % 3 == 0; };

template <auto One, auto Two>
struct split_windows : program<One, Two> {
    using program<One, Two>::program;
    static constexpr bool branches = true;
    void start(attempt& a) const
    {
        auto [thirds, rest] = cs::split(a.timed(0), is_third);
        a.start_slowly(std::move(thirds) | this->template window<0>().late_to(a.late())
                           | numbers_by_key(),
            0);
        a.start(std::move(rest) | this->template window<1>().late_to(a.late())
                | numbers_by_key() | a.tell(1));
    }
};

/// Branches of a branch.
template <auto One, auto Two, auto Three>
struct split_twice : program<One, Two, Three> {
    using program<One, Two, Three>::program;
    static constexpr bool branches = true;
    void start(attempt& a) const
    {
        auto [thirds, others] = cs::split(a.timed(0), is_third);
        auto [even, odd]
            = cs::split(std::move(others), [](const event& e) { return e.number % 2 == 0; });
        a.start(std::move(thirds) | this->template window<0>().late_to(a.late())
                | numbers_by_key() | a.tell(0));
        a.start_slowly(
            std::move(even) | this->template window<1>().late_to(a.late()) | numbers_by_key(), 1);
        a.start_slowly(
            std::move(odd) | this->template window<2>().late_to(a.late()) | numbers_by_key(), 2);
    }
};

/// Topics that are merged, and split again.
template <auto One, auto Two>
struct merged_and_split : program<One, Two> {
    using program<One, Two>::program;
    static constexpr std::size_t topics = 2;
    void start(attempt& a) const
    {
        auto [thirds, rest] = cs::split(cs::merge(a.timed(0), a.timed(1)), is_third);
        a.start_slowly(std::move(thirds) | this->template window<0>().late_to(a.late())
                           | numbers_by_key(),
            0);
        a.start(std::move(rest) | this->template window<1>().late_to(a.late())
                | numbers_by_key() | a.tell(1));
    }
};

/// Results that go two ways.
template <auto Pick>
struct split_results : program<Pick> {
    using program<Pick>::program;
    static constexpr bool branches = true;
    void start(attempt& a) const
    {
        auto [early, later] = cs::split(
            a.timed(0) | this->window().late_to(a.late()) | numbers_by_key(),
            [](const auto& w) { return w.end_time().time_since_epoch().count() % 2 == 0; });
        a.start(std::move(early) | a.tell(0));
        a.start_slowly(std::move(later), 1);
    }
};

template <auto Pick>
struct split_from_plain : program<Pick> {
    using program<Pick>::program;
    static constexpr bool branches = true;
    void start(attempt& a) const
    {
        auto [thirds, rest] = cs::split(a.timed(0), is_third);
        a.start(
            std::move(thirds) | this->window().late_to(a.late()) | numbers_by_key() | a.tell());
        a.start(std::move(rest) | a.pass());
    }
};

// ---- properties

template <class Program>
outcome run(const workload& work, const Program& program, trouble what, random_source& random)
{
    outcome seen;
    std::vector<group> known;
    for (int runs = 0; runs < 300; ++runs) {
        attempt a(work, what, known, seen, random);
        program.start(a);
        if (a.finish()) return seen;
    }
    ADD_FAILURE() << "it never comes to the end";
    return seen;
}

template <class Program>
void survives(unsigned seed, trouble what)
{
    random_source random(seed);
    const bool scattered = !what.rebalances && Program::topics == 1 && random.one_in(2);
    const auto work = workload::pick(random, Program::topics, !scattered);
    const Program program(random);
    const auto expected = run(work, program, {}, random);
    const auto seen = run(work, program, what, random);
    ASSERT_EQ(seen.last, expected.last);
    const auto once = [](const auto& all) { return std::set(all.begin(), all.end()); };
    ASSERT_EQ(once(seen.late), once(expected.late));
    ASSERT_EQ(seen.passed, expected.passed);
    // what was not committed is done again
    if (what.crashes || (what.rebalances && Program::branches)) return;
    ASSERT_EQ(seen.late, expected.late);
    if (Program::tells_once) {
        ASSERT_EQ(seen.told, expected.told);
    }
}

constexpr trouble crashes{.crashes = true}, rebalances{.rebalances = true}, stops{.stops = true},
    all{.crashes = true, .rebalances = true};

/// Under each of these kinds of trouble.
template <class Program>
void survives_all(const std::vector<trouble>& kinds = {crashes, rebalances, all, stops})
{
    const auto only = number_from_environment("WINDOWS_SEED", 0);
    const auto first = only ? only : number_from_environment("WINDOWS_FROM", 1);
    // a case is a hundred times one of a window alone
    const auto cases = only ? 1 : number_from_environment("WINDOWS_CASES", 20'000) / 10;
    for (const auto what : kinds)
        for (auto seed = first; seed < first + cases; ++seed) {
            survives<Program>(seed, what);
            if (testing::Test::HasFailure()) FAIL() << "WINDOWS_SEED=" << seed << " under" << what;
        }
}
const std::vector without_rebalances{crashes, stops};

TEST(Restarts, LeaveTumblingAsItIs) { survives_all<one_topic<tumbling>>(); }
TEST(Restarts, LeaveHoppingAsItIs) { survives_all<one_topic<hopping>>(); }
TEST(Restarts, LeaveCumulativeAsItIs) { survives_all<one_topic<cumulative>>(); }
TEST(Restarts, LeaveSessionAsItIs) { survives_all<one_topic<session>>(); }
TEST(Restarts, LeaveSlidingAsItIs) { survives_all<one_topic<sliding>>(); }
TEST(Restarts, LeaveElementsAsTheyAre) { survives_all<one_topic<elements>>(); }
TEST(Restarts, LeaveTumblingToldAgainAsItIs) { survives_all<with_late_ones_allowed<tumbling>>(); }
TEST(Restarts, LeaveHoppingToldAgainAsItIs) { survives_all<with_late_ones_allowed<hopping>>(); }
TEST(Restarts, LeaveCumulativeToldAgainAsItIs)
{
    survives_all<with_late_ones_allowed<cumulative>>();
}
TEST(Restarts, LeaveSlidingToldAgainAsItIs) { survives_all<with_late_ones_allowed<sliding>>(); }
TEST(Restarts, LeaveSessionsToldAgainAsTheyAre)
{
    survives_all<with_late_ones_allowed<session>>();
}
// partitions that come and go let empty windows begin elsewhere
TEST(Restarts, LeaveEmptyTumblingAsItIs)
{
    survives_all<one_topic<telling_empty<tumbling>>>(without_rebalances);
}
TEST(Restarts, LeaveEmptyHoppingAsItIs)
{
    survives_all<one_topic<telling_empty<hopping>>>(without_rebalances);
}
TEST(Restarts, LeaveEmptyCumulativeAsItIs)
{
    survives_all<one_topic<telling_empty<cumulative>>>(without_rebalances);
}

TEST(Restarts, LeaveMergedTumblingAsItIs) { survives_all<merged<tumbling>>(without_rebalances); }
TEST(Restarts, LeaveMergedSessionAsItIs) { survives_all<merged<session>>(without_rebalances); }
TEST(Restarts, LeaveMergedElementsAsTheyAre)
{
    survives_all<merged<elements>>(without_rebalances);
}
TEST(Restarts, LeaveTumblingOfWhatWasMergedBeforeAsItIs)
{
    survives_all<merged_before_event_time<tumbling>>(without_rebalances);
}
TEST(Restarts, LeaveSessionOfWhatWasMergedBeforeAsItIs)
{
    survives_all<merged_before_event_time<session>>(without_rebalances);
}
TEST(Restarts, LeaveElementsOfWhatWasMergedBeforeAsTheyAre)
{
    survives_all<merged_before_event_time<elements>>(without_rebalances);
}
TEST(Restarts, LeaveMergedResultsOfTumblingAsTheyAre)
{
    survives_all<merged_results<tumbling>>(without_rebalances);
}
TEST(Restarts, LeaveMergedResultsOfSessionAsTheyAre)
{
    survives_all<merged_results<session>>(without_rebalances);
}
TEST(Restarts, LeaveMergedResultsOfElementsAsTheyAre)
{
    survives_all<merged_results<elements>>(without_rebalances);
}
TEST(Restarts, LeaveDifferentWindowsInBranchesAsTheyAre)
{
    survives_all<split_windows<tumbling, session>>();
}
TEST(Restarts, LeaveWindowsOnAGridInBranchesAsTheyAre)
{
    survives_all<split_windows<tumbling, hopping>>();
}
TEST(Restarts, LeaveWindowsOfElementsInBranchesAsTheyAre)
{
    survives_all<split_windows<elements, sliding>>();
}
TEST(Restarts, LeaveWindowsInBranchesOfABranchAsTheyAre)
{
    survives_all<split_twice<tumbling, hopping, elements>>();
}
TEST(Restarts, LeaveWindowsInBranchesOfWhatWasMergedAsTheyAre)
{
    survives_all<merged_and_split<session, tumbling>>(without_rebalances);
}
TEST(Restarts, LeaveResultsThatAreSplitAsTheyAre)
{
    survives_all<split_results<tumbling>>();
}
TEST(Restarts, LeaveWindowsInOneBranchAsTheyAre)
{
    survives_all<split_from_plain<tumbling>>(without_rebalances);
}

} // namespace restarts
