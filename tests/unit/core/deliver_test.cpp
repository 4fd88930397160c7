#include <corostream/core/deliver.hpp>
#include <corostream/testing/recording_sink.hpp>

#include <gtest/gtest.h>

namespace cs = corostream;

namespace {

using recording = cs::testing::recording<int>;
const cs::time_point arrival{cs::duration(77)};

std::int64_t deliver(recording& into, std::int64_t offset, int count, int& taken)
{
    cs::detail::deliver(into.sink(), "numbers", arrival, offset, [&](auto push) {
        for (bool wanted = true; wanted && taken < count;) wanted = push(int(++taken));
    });
    return offset;
}

TEST(Deliver, PutsABeginAndAnEndAroundTheElements)
{
    recording seen;
    int taken = 0;
    EXPECT_EQ(deliver(seen, 40, 2, taken), 42);
    ASSERT_EQ(seen.events().size(), 4U);
    const auto& begun = std::get<recording::begun>(seen.events()[0]).info;
    EXPECT_EQ(begun.partition, 0);
    EXPECT_EQ(begun.arrival, arrival);
    const auto& first = std::get<recording::pushed>(seen.events()[1]);
    EXPECT_EQ(first.value, 1);
    EXPECT_EQ(first.at.offset, 40);
    EXPECT_EQ(first.at.time, arrival);
    EXPECT_EQ(std::get<recording::pushed>(seen.events()[2]).at.offset, 41);
    EXPECT_EQ(std::get<recording::ended>(seen.events()[3]).info.next_offset, 42);
}

TEST(Deliver, TakesNothingBeyondWhatIsWanted)
{
    recording seen(2);
    int taken = 0;
    EXPECT_EQ(deliver(seen, 0, 9, taken), 2);
    EXPECT_EQ(taken, 2);
}

TEST(Deliver, OfNothingIsABatchAllTheSame)
{
    recording seen;
    int taken = 0;
    EXPECT_EQ(deliver(seen, 7, 0, taken), 7);
    EXPECT_EQ(seen.events().size(), 2U);
}

TEST(Deliver, NamesTheElementThatWasOnItsWay)
{
    struct refusing : cs::null_sink {
        bool push(int&& v, const cs::element&)
        {
            if (v == 3) throw std::domain_error("three");
            return true;
        }
    };
    std::int64_t offset = 10;
    int taken = 0;
    try {
        cs::detail::deliver(refusing(), "numbers", arrival, offset, [&](auto push) {
            while (push(int(++taken))) {}
        });
        FAIL();
    } catch (const cs::element_error& e) {
        EXPECT_STREQ(e.what(), "numbers [0] at offset 12: three");
        EXPECT_THROW(e.rethrow_nested(), std::domain_error);
    }
    EXPECT_EQ(offset, 10);
}

} // namespace
