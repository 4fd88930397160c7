#pragma once

#include <corostream/kafka/detail/handle.hpp>

#include <librdkafka/rdkafka.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>

using property_map = std::map<std::string, std::string>;

/// Asks a cluster for changes by a client's connections, and waits until they are made. Throws when
/// they are not.
class kafka_admin {
public:
    explicit kafka_admin(rd_kafka_t* client)
        : client_(client)
    {
    }

    void create_topic(const std::string& name, int partitions, const property_map& properties) const
    {
        reason_text reason{};
        auto* wanted
            = rd_kafka_NewTopic_new(name.c_str(), partitions, -1, reason.data(), reason.size());
        for (const auto& [key, value] : properties)
            rd_kafka_NewTopic_set_config(wanted, key.c_str(), value.c_str());
        ask(name, [&](auto* options, auto* reply) {
            rd_kafka_CreateTopics(client_, &wanted, 1, options, reply);
        });
        rd_kafka_NewTopic_destroy(wanted);
    }

    /// Gives a topic more partitions: `total` of them.
    void add_partitions(const std::string& topic, std::size_t total) const
    {
        reason_text reason{};
        auto* wanted
            = rd_kafka_NewPartitions_new(topic.c_str(), total, reason.data(), reason.size());
        ask(topic, [&](auto* options, auto* reply) {
            rd_kafka_CreatePartitions(client_, &wanted, 1, options, reply);
        });
        rd_kafka_NewPartitions_destroy(wanted);
    }

    void delete_topic(const std::string& name) const
    {
        auto* unwanted = rd_kafka_DeleteTopic_new(name.c_str());
        ask(name, [&](auto* options, auto* reply) {
            rd_kafka_DeleteTopics(client_, &unwanted, 1, options, reply);
        });
        rd_kafka_DeleteTopic_destroy(unwanted);
    }

    /// Deletes what is before `offset`, as retention does.
    void delete_records(const std::string& topic, std::int32_t partition, std::int64_t offset) const
    {
        using namespace corostream::kafka::detail;
        const list_handle before(rd_kafka_topic_partition_list_new(1));
        rd_kafka_topic_partition_list_add(before.get(), topic.c_str(), partition)->offset = offset;
        auto* unwanted = rd_kafka_DeleteRecords_new(before.get());
        ask(topic, [&](auto* options, auto* reply) {
            rd_kafka_DeleteRecords(client_, &unwanted, 1, options, reply);
        });
        rd_kafka_DeleteRecords_destroy(unwanted);
    }

    /// Lets `user` do `what` to the topic or group of that name.
    void allow(const std::string& user, rd_kafka_AclOperation_t what, rd_kafka_ResourceType_t type,
        const std::string& name) const
    {
        reason_text reason{};
        auto* rule = rd_kafka_AclBinding_new(type, name.c_str(), RD_KAFKA_RESOURCE_PATTERN_LITERAL,
            ("User:" + user).c_str(), "*", what, RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW, reason.data(),
            reason.size());
        if (!rule) throw std::runtime_error(reason.data());
        ask(name, [&](auto* options, auto* reply) {
            rd_kafka_CreateAcls(client_, &rule, 1, options, reply);
        });
        // the controller knows it first, the broker a little later
        for (std::size_t known = 0; known == 0;) {
            const auto answer = ask(name, [&](auto* options, auto* reply) {
                rd_kafka_DescribeAcls(client_, rule, options, reply);
            });
            rd_kafka_DescribeAcls_result_acls(
                rd_kafka_event_DescribeAcls_result(answer.get()), &known);
        }
        rd_kafka_AclBinding_destroy(rule);
    }

private:
    using reason_text = std::array<char, 512>;

    template <class Request>
    corostream::kafka::detail::event_handle ask(const std::string& name, Request request) const
    {
        using namespace corostream::kafka::detail;
        const queue_handle reply(rd_kafka_queue_new(client_));
        auto* options = rd_kafka_AdminOptions_new(client_, RD_KAFKA_ADMIN_OP_ANY);
        reason_text reason{};
        rd_kafka_AdminOptions_set_operation_timeout(options, 10'000, reason.data(), reason.size());
        rd_kafka_AdminOptions_set_request_timeout(options, 20'000, reason.data(), reason.size());
        request(options, reply.get());
        rd_kafka_AdminOptions_destroy(options);
        event_handle answer(rd_kafka_queue_poll(reply.get(), 30'000));
        if (!answer) throw std::runtime_error(name + ": no answer");
        if (rd_kafka_event_error(answer.get()))
            throw std::runtime_error(name + ": " + rd_kafka_event_error_string(answer.get()));
        std::size_t count = 0;
        const rd_kafka_topic_result_t** topics = nullptr;
        if (const auto* created = rd_kafka_event_CreateTopics_result(answer.get()))
            topics = rd_kafka_CreateTopics_result_topics(created, &count);
        if (const auto* deleted = rd_kafka_event_DeleteTopics_result(answer.get()))
            topics = rd_kafka_DeleteTopics_result_topics(deleted, &count);
        if (const auto* added = rd_kafka_event_CreatePartitions_result(answer.get()))
            topics = rd_kafka_CreatePartitions_result_topics(added, &count);
        for (std::size_t i = 0; i < count; ++i) check(name, rd_kafka_topic_result_error(topics[i]));
        if (const auto* rules = rd_kafka_event_CreateAcls_result(answer.get())) {
            const auto* results = rd_kafka_CreateAcls_result_acls(rules, &count);
            for (std::size_t i = 0; i < count; ++i)
                check(name, rd_kafka_error_code(rd_kafka_acl_result_error(results[i])));
        }
        return answer;
    }

    static void check(const std::string& name, rd_kafka_resp_err_t code)
    {
        if (code) throw std::runtime_error(name + ": " + rd_kafka_err2str(code));
    }

    rd_kafka_t* client_;
};
