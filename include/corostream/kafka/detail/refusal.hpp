#pragma once

#include <corostream/core/time.hpp>
#include <corostream/kafka/error.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace corostream::kafka::detail {

/// Whether brokers refuse to talk to us, for want of credentials or of TLS. librdkafka goes on
/// trying, so only what lasts longer than `limit` is a failure. Pure.
class refusal {
public:
    explicit refusal(duration limit)
        : limit_(limit)
    {
    }

    /// An error came at `now`. True if it is a refusal.
    bool heard(const error& e, time_point now)
    {
        const bool clear = is_authentication_failure(e.code());
        const bool lost = e.code() == RD_KAFKA_RESP_ERR__TRANSPORT;
        // a listener without TLS hangs up, and so does a broker that dies at that moment
        const bool hung_up
            = lost && std::string_view(e.what()).find("state SSL_HANDSHAKE") != std::string::npos;
        if (clear || hung_up) {
            first_ = first_.value_or(now);
            clear_ = clear_ || clear;
            cause_ = e;
        } else if (lost && !clear_) accepted();
        return clear || hung_up;
    }

    /// A broker answered: whatever was refused before is no longer.
    void accepted()
    {
        first_.reset();
        clear_ = false;
    }

    /// When it becomes a failure; `never` if nothing is refused.
    time_point until() const { return first_ ? *first_ + limit_ : never; }

    /// The failure it is then.
    error failure() const
    {
        const auto code = cause_->code() == RD_KAFKA_RESP_ERR__TRANSPORT ? RD_KAFKA_RESP_ERR__SSL
                                                                         : cause_->code();
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit_).count();
        return {code, severity::fatal,
            std::string(cause_->what()) + " (refused for " + std::to_string(seconds) + " s)"};
    }

private:
    duration limit_;
    std::optional<time_point> first_;
    bool clear_ = false; // it cannot be anything else
    std::optional<error> cause_;
};

} // namespace corostream::kafka::detail
