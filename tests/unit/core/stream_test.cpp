#include <corostream/core/hooks.hpp>
#include <corostream/core/mailbox.hpp>
#include <corostream/core/stream.hpp>
#include <corostream/operators/map.hpp>
#include <corostream/sources/from_range.hpp>
#include <corostream/testing/recording_sink.hpp>
#include <corostream/testing/scripted_source.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cs = corostream;

namespace {

template <class Pipeline>
using stage_of = decltype(std::declval<Pipeline>().release());

using scripted = stage_of<decltype(cs::testing::script<std::string>().stream())>;
using ranged = stage_of<decltype(cs::from_range(std::vector<int>()))>;
using mapped
    = stage_of<decltype(cs::from_range(std::vector<int>()) | cs::map([](int v) { return v; }))>;
using boxed = stage_of<decltype(std::declval<cs::mailbox<int>&>().stream())>;

TEST(Stream, IsWhatEverySourceAndStageIs)
{
    static_assert(
        cs::stream<scripted> && cs::stream<ranged> && cs::stream<mapped> && cs::stream<boxed>);
    static_assert(!cs::stream<int> && !cs::stream<std::vector<int>>);
    static_assert(!cs::stream<cs::pipeline<ranged>>); // what users hold is not pumped
}

TEST(Stream, IsOverAtItsEndAndWhenStopped)
{
    static_assert(cs::is_over(cs::pumped::end) && cs::is_over(cs::pumped::stop));
    static_assert(!cs::is_over(cs::pumped::items) && !cs::is_over(cs::pumped::timeout));
}

TEST(Sink, IsAHandfulOfPointersThatTakesWholeBatches)
{
    using recording = decltype(std::declval<cs::testing::recording<int>&>().sink());
    static_assert(cs::sink_for<recording, int> && cs::sink_for<cs::null_sink, std::string>);
    struct owner : cs::null_sink {
        std::string state;
    };
    static_assert(!cs::sink_for<owner, int>);
}

TEST(Hooks, AreAnyTypeWithOneOfThem)
{
    struct counts {
        void on_element(const int&, const cs::element&) {}
    };
    struct watches {
        void on_pumped(cs::pumped) {}
    };
    struct nothing {};
    static_assert(cs::hooks_over<counts, int> && !cs::hooks_over<counts, std::string>);
    static_assert(cs::hooks_over<watches, std::string>);
    static_assert(!cs::hooks_over<nothing, int>);
}

} // namespace
