// librdkafka pauses the partitions that a cooperative consumer keeps while its group changes.

#include <corostream/kafka/detail/client.hpp>
#include <corostream/kafka/detail/cluster.hpp>
#include <corostream/kafka/detail/partition_reader.hpp>
#include <support/kafka_cluster.hpp>
#include <support/kafka_run.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace {

namespace kafka = cs::kafka;
using kafka::detail::partition_reader;

/// Pauses and resumes partitions, as a group does that changes all the time, on a thread of its own
/// as librdkafka's is.
class pausing {
public:
    pausing(rd_kafka_t* client, const std::vector<kafka::topic_partition>& partitions)
        : thread_([this, client, list = kafka::detail::to_list(partitions)] {
            using namespace std::chrono_literals;
            for (auto gap = 10ms; !stopped_; gap = gap < 30ms ? gap + 1ms : 10ms) {
                std::this_thread::sleep_for(gap);
                rd_kafka_pause_partitions(client, list.get());
                rd_kafka_resume_partitions(client, list.get());
            }
        })
    {
    }
    pausing(const pausing&) = delete;
    pausing& operator=(const pausing&) = delete;
    ~pausing()
    {
        stopped_ = true;
        thread_.join();
    }

private:
    std::atomic<bool> stopped_ = false;
    std::thread thread_;
};

TEST(Pause, LosesNoMessage)
{
    constexpr int count = 2'000'000;
    kafka_cluster cluster;
    const auto topic = cluster.topic(1);
    for (int i = 0; i < count; ++i) cluster.write(topic, "phone", 0);
    cluster.flush();

    kafka_run run;
    const kafka::config properties{{"bootstrap.servers", cluster.brokers()},
        {"group.id", fresh_name("group")}, {"enable.auto.commit", "false"}};
    kafka::detail::client link(run.io.get_executor(), RD_KAFKA_CONSUMER, {}, properties, {}, 10s);
    rd_kafka_poll_set_consumer(link.handle());
    partition_reader reader(true);
    reader.open(link.handle(), link.signal(), topic, 0, 0);
    const std::vector<kafka::topic_partition> from{{topic, 0, 0}};
    rd_kafka_assign(link.handle(), kafka::detail::to_list(from).get());

    std::int64_t position = 0;
    {
        const pausing group(link.handle(), from);
        const auto deadline = std::chrono::steady_clock::now() + 60s;
        while (position < count && std::chrono::steady_clock::now() < deadline) {
            reader.ready_all();
            if (!reader.next()) std::this_thread::sleep_for(1ms);
            for (; reader.front(); reader.pop()) {
                const auto* m = reader.front();
                ASSERT_EQ(m->err, RD_KAFKA_RESP_ERR_NO_ERROR);
                if (m->offset < position) { // it comes again
                    ASSERT_GE(m->offset, reader.find(0)->repeats_from);
                    continue;
                }
                ASSERT_EQ(m->offset, position);
                ++position;
            }
        }
    }
    EXPECT_EQ(position, count);
    reader.finish();
}

} // namespace
