#pragma once

// Bare librdkafka, blocking: the other side of every test, and what a result is compared with.

#include <corostream/kafka/detail/handle.hpp>
#include <corostream/kafka/message.hpp>
#include <support/kafka_admin.hpp>

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

/// The real Kafka of the tests. Throws where there is none: a test fails then and is not skipped.
inline std::string real_kafka()
{
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing changes the environment
    const char* named = std::getenv("CORO_KAFKA");
    if (!named || !*named) throw std::runtime_error("CORO_KAFKA=host:port names no broker");
    return named;
}

/// A name that no other test and no other run has.
inline std::string fresh_name(const std::string& what)
{
    static const auto run = std::random_device()();
    static std::atomic<int> count = 0;
    return what + '-' + std::to_string(run) + '-' + std::to_string(++count);
}

/// What to write where.
struct written_record {
    std::optional<std::string> key{};
    std::optional<std::string> value{};
    std::int32_t partition = RD_KAFKA_PARTITION_UA;
    std::int64_t time_ms = 0; ///< 0: now
};

class kafka_cluster {
    using client
        = std::unique_ptr<rd_kafka_t, corostream::kafka::detail::destroy_with<&rd_kafka_destroy>>;

public:
    explicit kafka_cluster(std::string brokers = real_kafka(), property_map properties = {})
        : brokers_(std::move(brokers))
        , properties_(std::move(properties))
    {
        property_map all = {{"linger.ms", "5"}, {"queue.buffering.max.messages", "1000000"},
            {"partitioner", "murmur2_random"}};
        client_ = connect(RD_KAFKA_PRODUCER, std::move(all));
    }
    kafka_cluster(const kafka_cluster&) = delete;
    kafka_cluster& operator=(const kafka_cluster&) = delete;
    ~kafka_cluster()
    {
        rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    }

    const std::string& brokers() const { return brokers_; }

    /// Creates a topic under a fresh name, and waits until it can be written.
    std::string topic(int partitions = 2, const property_map& properties = {})
    {
        auto name = fresh_name("it");
        create(name, partitions, properties);
        return name;
    }

    void create(const std::string& name, int partitions, const property_map& properties = {})
    {
        admin().create_topic(name, partitions, properties);
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (partitions_of(name) != partitions)
            if (std::chrono::steady_clock::now() > deadline)
                throw std::runtime_error("topic " + name + " does not come up");
    }

    kafka_admin admin() const { return kafka_admin(client_.get()); }

    /// How many partitions a topic has that have a leader; 0 if there is no such topic. Creates
    /// none.
    int partitions_of(const std::string& name)
    {
        int count = 0;
        describe(name, [&](const auto& partition) { count += partition.leader >= 0; });
        return count;
    }

    /// Waits until every replica of a topic's partitions is in sync: then a node may go.
    void wait_until_in_sync(const std::string& name)
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        for (bool complete = false; !complete;) {
            if (std::chrono::steady_clock::now() > deadline)
                throw std::runtime_error("the replicas of " + name + " do not get in sync");
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            int partitions = 0, missing = 0;
            describe(name, [&](const auto& partition) {
                ++partitions;
                missing += partition.replica_cnt - partition.isr_cnt;
            });
            complete = partitions > 0 && missing == 0;
        }
    }

    /// Gives a record to the producer; `flush()` waits for all of them.
    void write(const std::string& topic, const written_record& r)
    {
        std::array<rd_kafka_vu_t, 6> all;
        std::size_t count = 0;
        auto next = [&](rd_kafka_vtype_t type) -> auto& {
            all[count].vtype = type;
            return all[count++].u;
        };
        auto bytes = [](const std::string& s) -> decltype(rd_kafka_vu_t::u.mem) {
            return {const_cast<char*>(s.data()), s.size()}; // NOLINT: it is copied, not written to
        };
        next(RD_KAFKA_VTYPE_TOPIC).cstr = topic.c_str();
        next(RD_KAFKA_VTYPE_PARTITION).i32 = r.partition;
        next(RD_KAFKA_VTYPE_TIMESTAMP).i64 = r.time_ms;
        next(RD_KAFKA_VTYPE_MSGFLAGS).i = RD_KAFKA_MSG_F_COPY;
        if (r.value) next(RD_KAFKA_VTYPE_VALUE).mem = bytes(*r.value);
        if (r.key) next(RD_KAFKA_VTYPE_KEY).mem = bytes(*r.key);
        for (;;) {
            const corostream::kafka::detail::error_handle refused(
                rd_kafka_produceva(client_.get(), all.data(), count));
            if (!refused) break;
            if (rd_kafka_error_code(refused.get()) != RD_KAFKA_RESP_ERR__QUEUE_FULL)
                throw std::runtime_error(rd_kafka_error_string(refused.get()));
            rd_kafka_poll(client_.get(), 10);
        }
        ++written_;
        if (written_ % 1000 == 0) rd_kafka_poll(client_.get(), 0);
    }
    void write(
        const std::string& topic, std::string value, std::int32_t partition = RD_KAFKA_PARTITION_UA)
    {
        write(topic, written_record{.value = std::move(value), .partition = partition});
    }
    void flush()
    {
        const auto code = rd_kafka_flush(client_.get(), 30'000);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR || failed_ > 0)
            throw std::runtime_error(
                std::to_string(failed_) + " records not delivered: " + rd_kafka_err2str(code));
    }
    /// Writes values `prefix0`, `prefix1` ... round the partitions, and waits for them.
    void fill(const std::string& topic, int count, int partitions, const std::string& prefix = "")
    {
        for (int i = 0; i < count; ++i) write(topic, prefix + std::to_string(i), i % partitions);
        flush();
    }

    std::int64_t log_end(const std::string& topic, std::int32_t partition)
    {
        std::int64_t low = 0, high = 0;
        const auto ask = [&] {
            return rd_kafka_query_watermark_offsets(
                client_.get(), topic.c_str(), partition, &low, &high, 10'000);
        };
        auto code = ask();
        for (int i = 0; i < 10 && code != RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
            partitions_of(topic); // it learns who leads the partition now
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            code = ask();
        }
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error(rd_kafka_err2str(code));
        return high;
    }

    /// The offset a group has committed, -1 if none.
    std::int64_t committed(
        const std::string& group, const std::string& topic, std::int32_t partition)
    {
        auto reader = connect(RD_KAFKA_CONSUMER, {{"group.id", group}});
        const corostream::kafka::detail::list_handle list(rd_kafka_topic_partition_list_new(1));
        rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
        const auto code = rd_kafka_committed(reader.get(), list.get(), 10'000);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error(rd_kafka_err2str(code));
        return list->elems[0].offset < 0 ? -1 : list->elems[0].offset;
    }

    /// How many records of a topic that begins at offset 0 a group has committed.
    std::int64_t committed_in_all(
        const std::string& group, const std::string& topic, int partitions)
    {
        std::int64_t sum = 0;
        for (std::int32_t p = 0; p < partitions; ++p)
            sum += std::max<std::int64_t>(0, committed(group, topic, p));
        return sum;
    }

    void commit(const std::string& group, const std::string& topic, std::int32_t partition,
        std::int64_t offset)
    {
        auto writer = connect(RD_KAFKA_CONSUMER, {{"group.id", group}});
        const corostream::kafka::detail::list_handle list(rd_kafka_topic_partition_list_new(1));
        rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = offset;
        const auto code = rd_kafka_commit(writer.get(), list.get(), 0);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error(rd_kafka_err2str(code));
    }

    /// Calls `f(message)` for everything in a topic, partition by partition.
    template <class F>
    void for_each_message(const std::string& topic, int partitions, F f)
    {
        auto reader = connect(
            RD_KAFKA_CONSUMER, {{"group.id", "none"}, {"auto.offset.reset", "earliest"},
                                   {"enable.partition.eof", "true"}, {"fetch.wait.max.ms", "10"}});
        for (std::int32_t p = 0; p < partitions; ++p) {
            const corostream::kafka::detail::list_handle list(rd_kafka_topic_partition_list_new(1));
            rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), p)->offset
                = RD_KAFKA_OFFSET_BEGINNING;
            rd_kafka_assign(reader.get(), list.get());
            const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
            for (bool end = false; !end;) {
                if (std::chrono::steady_clock::now() > deadline)
                    throw std::runtime_error("reading " + topic + " takes too long");
                corostream::kafka::detail::message_handle m(
                    rd_kafka_consumer_poll(reader.get(), 100));
                if (!m) continue;
                end = m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
                if (m->err == RD_KAFKA_RESP_ERR_NO_ERROR)
                    f(corostream::kafka::message(m.release()));
            }
        }
        rd_kafka_consumer_close(reader.get());
    }

    /// Everything in a topic, partition by partition.
    std::vector<corostream::kafka::owned_message> read_all(const std::string& topic, int partitions)
    {
        std::vector<corostream::kafka::owned_message> all;
        for_each_message(topic, partitions, [&](const auto& m) { all.push_back(m.detach()); });
        return all;
    }

    rd_kafka_t* handle() const { return client_.get(); }

private:
    /// Calls `f` with the metadata of each partition.
    template <class F>
    void describe(const std::string& name, F f)
    {
        const rd_kafka_metadata_t* metadata = nullptr;
        // all topics: asking for one by name would create it
        if (rd_kafka_metadata(client_.get(), 1, nullptr, &metadata, 5000)
            != RD_KAFKA_RESP_ERR_NO_ERROR)
            return;
        for (int t = 0; t < metadata->topic_cnt; ++t) {
            const auto& topic = metadata->topics[t];
            if (name != topic.topic || topic.err) continue;
            std::for_each_n(topic.partitions, topic.partition_cnt, f);
        }
        rd_kafka_metadata_destroy(metadata);
    }

    client connect(rd_kafka_type_t type, property_map all) const
    {
        all["bootstrap.servers"] = brokers_;
        all.insert(properties_.begin(), properties_.end());
        auto* conf = rd_kafka_conf_new();
        std::array<char, 512> reason{};
        for (const auto& [key, value] : all)
            if (rd_kafka_conf_set(conf, key.c_str(), value.c_str(), reason.data(), reason.size())
                != RD_KAFKA_CONF_OK)
                throw std::runtime_error(reason.data());
        if (type == RD_KAFKA_PRODUCER) {
            rd_kafka_conf_set_opaque(conf, const_cast<int*>(&failed_));
            rd_kafka_conf_set_dr_msg_cb(
                conf, [](rd_kafka_t*, const rd_kafka_message_t* m, void* failed) {
                    *static_cast<int*>(failed) += m->err != RD_KAFKA_RESP_ERR_NO_ERROR;
                });
        }
        client made(rd_kafka_new(type, conf, reason.data(), reason.size()));
        if (!made) throw std::runtime_error(reason.data());
        return made;
    }

    std::string brokers_;
    property_map properties_;
    int failed_ = 0;
    std::uint64_t written_ = 0;
    client client_;
};
