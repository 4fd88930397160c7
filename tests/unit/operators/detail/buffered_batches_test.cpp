#include <corostream/operators/detail/buffered_batches.hpp>
#include <corostream/testing/recording_sink.hpp>
#include <support/task.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>

namespace {

using buffer = cs::detail::buffered_batches<int, true>;
using cs::testing::recording;

void add(buffer& b, cs::partition_id p, std::int64_t offset, std::initializer_list<int> values)
{
    cs::batch info{.partition = p, .next_offset = offset};
    b.begin(info);
    for (int v : values)
        b.push(int(v), {{}, info.next_offset++}, cs::time_point(std::chrono::seconds(v)));
    b.end(info);
}

/// "(1@5 7 8 )8" : begin of partition 1 at offset 5, elements, end before offset 8; "x1": revoked.
std::string text_of_events(const recording<int>& r)
{
    std::string all;
    for (const auto& e : r.events()) {
        if (auto* x = std::get_if<recording<int>::begun>(&e))
            all += "(" + std::to_string(x->info.partition) + "@"
                 + std::to_string(x->info.next_offset) + " ";
        if (auto* pushed = std::get_if<recording<int>::pushed>(&e))
            all += std::to_string(pushed->value) + " ";
        if (auto* x = std::get_if<recording<int>::ended>(&e))
            all += ")" + std::to_string(x->info.next_offset) + " ";
        if (auto* x = std::get_if<recording<int>::revoked>(&e))
            all += "x" + std::to_string(x->partition) + " ";
    }
    return all;
}

TEST(BufferedBatches, HandsOverWhatItWasGivenAndIsEmptyThen)
{
    buffer b;
    EXPECT_TRUE(b.empty());
    b.revoke(3);
    add(b, 1, 5, {7, 8});
    add(b, 2, 0, {});
    b.revoke(1);
    EXPECT_FALSE(b.empty());
    EXPECT_TRUE(b.has(1) && b.has(2));
    EXPECT_FALSE(b.has(3));
    recording<int> seen;
    EXPECT_TRUE(b.hand_over(seen.sink()));
    EXPECT_EQ(text_of_events(seen), "x3 (1@5 7 8 )7 (2@0 )0 x1 ");
    EXPECT_TRUE(b.empty());
    EXPECT_EQ(b.size(), 0U);
    EXPECT_FALSE(b.has(1));
}

TEST(BufferedBatches, GoesOnWhereNoMoreWasWanted)
{
    buffer b;
    add(b, 1, 5, {1, 2, 3});
    b.revoke(2);
    add(b, 2, 10, {4, 5});
    recording<int> seen(2);
    EXPECT_EQ(b.cut(), std::nullopt);
    EXPECT_FALSE(b.hand_over(seen.sink()));
    EXPECT_EQ(b.cut(), (std::pair<cs::partition_id, std::int64_t>(1, 7)));
    EXPECT_FALSE(b.hand_over(seen.sink()));
    EXPECT_EQ(b.cut(), (std::pair<cs::partition_id, std::int64_t>(2, 11)));
    EXPECT_TRUE(b.hand_over(seen.sink()));
    EXPECT_EQ(b.cut(), std::nullopt);
    EXPECT_EQ(text_of_events(seen), "(1@5 1 2 )7 (1@7 3 )8 x2 (2@10 4 )11 (2@11 5 )12 ");
}

TEST(BufferedBatches, IsDoneWhenNoMoreIsWantedAfterTheLast)
{
    buffer b;
    add(b, 0, 0, {1, 2});
    recording<int> seen(2);
    EXPECT_TRUE(b.hand_over(seen.sink()));
}

TEST(BufferedBatches, HandsOverWhatCameBeforeAFailure)
{
    buffer b;
    b.begin({.partition = 1, .next_offset = 5});
    b.push(7, {{}, 5}, {});
    b.fail();
    recording<int> seen;
    EXPECT_TRUE(b.hand_over(seen.sink()));
    EXPECT_EQ(text_of_events(seen), "(1@5 7 ");
}

TEST(BufferedBatches, KeepsTheWatermarkOfEachElement)
{
    buffer b;
    add(b, 0, 0, {3, 5});
    std::string at_hand;
    struct sink : cs::null_sink {
        buffer* from;
        std::string* into;
        bool push(int&&, const cs::element&)
        {
            *into += std::to_string(from->at_hand().time_since_epoch() / 1s) + " ";
            return true;
        }
    };
    b.hand_over(sink{{}, &b, &at_hand});
    EXPECT_EQ(at_hand, "3 5 ");
}

TEST(BufferedBatches, HandsOverPartitionsThatAreGoneUpToTheNextBatch)
{
    buffer b;
    b.revoke(1);
    b.revoke(2);
    recording<int> seen;
    b.hand_over_revoked(seen.sink());
    EXPECT_EQ(text_of_events(seen), "x1 x2 ");
    EXPECT_TRUE(b.empty());
    b.revoke(3);
    add(b, 0, 0, {1});
    b.hand_over_revoked(seen.sink());
    EXPECT_EQ(text_of_events(seen), "x1 x2 x3 ");
    EXPECT_FALSE(b.empty());
}

} // namespace
