#pragma once

#include <corostream/kafka/consumer.hpp>
#include <corostream/operators/map.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <string>
#include <vector>

inline std::string value_of(const corostream::kafka::message& m) { return std::string(m.value()); }

/// Writes down each value as it comes.
inline boost::asio::awaitable<void> follow(
    corostream::kafka::consumer* from, std::vector<std::string>* into)
{
    auto values = from->messages() | corostream::map(value_of);
    while (auto v = co_await values.next()) into->push_back(std::move(*v));
}

/// The code of an error that ends a stream; 0 if it is none of Kafka's.
inline rd_kafka_resp_err_t code_of(const std::exception_ptr& error)
{
    try {
        if (error) std::rethrow_exception(error);
    } catch (const corostream::kafka::error& e) {
        EXPECT_EQ(e.severity(), corostream::kafka::severity::fatal);
        return e.code();
    } catch (const std::exception& e) {
        ADD_FAILURE() << e.what();
    }
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}
