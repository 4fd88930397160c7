#include <corostream/kafka/detail/size_retry.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace {

using corostream::kafka::detail::kept_record;
using corostream::kafka::detail::size_retry;

constexpr std::size_t limit = 100; // the broker's, in bytes a batch

kept_record record_of(std::size_t bytes)
{
    kept_record r;
    r.value = std::string(bytes, 'x');
    r.partition = static_cast<std::int32_t>(bytes); // tells records apart
    return r;
}

/// A broker that takes a group or refuses all of it, and what came of each record.
struct broker {
    std::vector<std::int32_t> delivered, failed;
    int rounds = 0;

    void run(size_retry& retry)
    {
        while (retry.active()) {
            ASSERT_LT(++rounds, 1000) << "never ends";
            std::vector<kept_record> group;
            std::size_t bytes = 0;
            retry.send_group([&](kept_record& r) {
                bytes += r.value->size();
                group.push_back(std::move(r));
                return true;
            });
            ASSERT_FALSE(group.empty());
            for (auto& r : group) {
                const auto name = r.partition;
                if (bytes <= limit) {
                    retry.settled();
                    delivered.push_back(name);
                } else if (!retry.refused(std::move(r))) failed.push_back(name);
            }
        }
    }
};

TEST(SizeRetry, only_what_is_too_large_by_itself_fails_and_order_stays)
{
    size_retry retry;
    EXPECT_FALSE(retry.active());
    std::vector<std::int32_t> small;
    for (std::size_t i = 1; i <= 60; ++i) {
        EXPECT_TRUE(retry.refused(record_of(i == 30 ? 1000 : i)));
        if (i != 30) small.push_back(static_cast<std::int32_t>(i));
    }
    EXPECT_EQ(retry.kept(), 60U);
    broker b;
    b.run(retry);
    EXPECT_EQ(b.delivered, small);
    EXPECT_EQ(b.failed, std::vector<std::int32_t>{1000});
    EXPECT_FALSE(retry.active());
    EXPECT_EQ(retry.kept(), 0U);
}

TEST(SizeRetry, small_records_go_in_groups)
{
    size_retry retry;
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(retry.refused(record_of(1)));
    broker b;
    b.run(retry);
    EXPECT_EQ(b.delivered.size(), 1000U);
    EXPECT_TRUE(b.failed.empty());
    EXPECT_LT(b.rounds, 100); // 10 would be the least
}

TEST(SizeRetry, gives_up_what_waits)
{
    size_retry retry;
    for (std::size_t i = 1; i <= 3; ++i) EXPECT_TRUE(retry.refused(record_of(i)));
    std::vector<std::int32_t> told;
    retry.give_up([&](kept_record& r) { told.push_back(r.partition); });
    EXPECT_EQ(told, (std::vector<std::int32_t>{1, 2, 3}));
    EXPECT_FALSE(retry.active());
}

} // namespace
