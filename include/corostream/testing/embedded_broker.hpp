#pragma once

#include <corostream/kafka/config.hpp>
#include <corostream/kafka/detail/handle.hpp>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>

namespace corostream::testing {

/// A Kafka cluster of one broker inside this process: librdkafka's mock cluster, on a port of
/// 127.0.0.1 that any process of this machine may connect to. For demonstrations, and for tests of
/// wiring.
///
/// It is no real broker: it keeps at most 5 MB a partition, has no transactions, no retention and
/// no look-up by time; a group takes 3 s to form and its session timeout to change. What must hold
/// on Kafka is tested on Kafka. Clients of it should set `fetch.wait.max.ms` to 10 or so: it
/// answers an empty fetch only when that time is over. It lives as long as the object, on threads
/// of its own.
class embedded_broker {
public:
    /// Starts the broker with one topic. Throws `std::runtime_error` if it cannot be started.
    explicit embedded_broker(const std::string& topic = "Test", int partitions = 2)
    {
        std::array<char, 512> reason{};
        auto* conf = rd_kafka_conf_new();
        // the client beside the broker has nobody to connect to
        rd_kafka_conf_set(conf, "log_level", "0", nullptr, 0);
        client_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason.data(), reason.size()));
        if (!client_) {
            rd_kafka_conf_destroy(conf);
            throw std::runtime_error(std::string("embedded broker: ") + reason.data());
        }
        cluster_.reset(rd_kafka_mock_cluster_new(client_.get(), 1));
        if (!cluster_) throw std::runtime_error("embedded broker: could not listen on 127.0.0.1");
        create_topic(topic, partitions);
        bootstrap_ = rd_kafka_mock_cluster_bootstraps(cluster_.get());
    }

    /// Adds a topic. Throws `std::runtime_error` if that fails.
    void create_topic(const std::string& topic, int partitions)
    {
        const auto code = rd_kafka_mock_topic_create(cluster_.get(), topic.c_str(), partitions, 1);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            throw std::runtime_error(
                "embedded broker: topic " + topic + ": " + rd_kafka_err2str(code));
    }

    /// `host:port`, for `bootstrap.servers`.
    const std::string& bootstrap() const { return bootstrap_; }

    /// librdkafka's handle, for its own calls: injected errors, brokers that go down.
    rd_kafka_mock_cluster_t* handle() const { return cluster_.get(); }

private:
    std::unique_ptr<rd_kafka_t, kafka::detail::destroy_with<&rd_kafka_destroy>> client_;
    std::unique_ptr<rd_kafka_mock_cluster_t,
        kafka::detail::destroy_with<&rd_kafka_mock_cluster_destroy>>
        cluster_;
    std::string bootstrap_;
};

} // namespace corostream::testing
