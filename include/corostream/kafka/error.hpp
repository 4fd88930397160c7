#pragma once

#include <corostream/core/escape.hpp>

#include <librdkafka/rdkafka.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace corostream::kafka {

/// What an error means for the one who sees it.
enum class severity : unsigned char {
    transient,         ///< librdkafka tries again by itself; the stream goes on
    abort_transaction, ///< the transaction must be aborted; the client lives
    fatal,             ///< the stream ends with it
};

/// The severity of a librdkafka error code, where librdkafka itself does not say more. What cannot
/// heal by waiting is fatal; authentication and TLS failures are transient at first, since
/// librdkafka goes on trying, and end the stream after the client's `authentication_timeout`.
inline severity severity_of(rd_kafka_resp_err_t code)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_INVALID_GROUP_ID:
    case RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT:
    case RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION: return severity::fatal;
    default: return severity::transient;
    }
}

/// True for failures to prove who we are or whom we talk to, which librdkafka retries for ever.
inline bool is_authentication_failure(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR__AUTHENTICATION || code == RD_KAFKA_RESP_ERR__SSL
        || code == RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED;
}

/// True when the cluster could not be reached, or did not answer in time.
inline bool is_unreachable(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN
        || code == RD_KAFKA_RESP_ERR__RESOLVE || code == RD_KAFKA_RESP_ERR__TIMED_OUT;
}

/// An error of Kafka's or librdkafka's. `what()` says what and where; text from the network in it
/// is escaped.
class error : public std::runtime_error {
public:
    error(rd_kafka_resp_err_t code, kafka::severity severity, std::string_view what)
        : std::runtime_error(escape(what))
        , code_(code)
        , severity_(severity)
    {
    }

    /// `where`, a colon, and the code's text.
    error(rd_kafka_resp_err_t code, std::string_view where)
        : error(code, severity_of(code), std::string(where) + ": " + rd_kafka_err2str(code))
    {
    }

    rd_kafka_resp_err_t code() const noexcept { return code_; }
    kafka::severity severity() const noexcept { return severity_; }

private:
    rd_kafka_resp_err_t code_;
    kafka::severity severity_;
};

} // namespace corostream::kafka
