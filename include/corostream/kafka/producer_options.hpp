#pragma once

#include <corostream/core/time.hpp>
#include <corostream/kafka/config.hpp>
#include <corostream/kafka/events.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace corostream::kafka {

/// How a producer produces. Every setter returns the options, to be chained.
class producer_options {
public:
    explicit producer_options(std::string brokers)
    {
        config_.set("bootstrap.servers", std::move(brokers));
    }

    /// How long refused credentials or certificates are tried again before sending fails; 10 s
    /// unless said otherwise.
    producer_options& authentication_timeout(duration limit)
    {
        authentication_timeout_ = limit;
        return *this;
    }

    /// Any property of librdkafka's.
    producer_options& set(std::string key, std::string value)
    {
        config_.set(std::move(key), std::move(value));
        return *this;
    }

    /// Who is told of errors and log lines.
    producer_options& on(events handlers)
    {
        events_ = std::move(handlers);
        return *this;
    }

    duration authentication_timeout() const { return authentication_timeout_; }
    const config& properties() const { return config_; }
    const events& handlers() const { return events_; }

private:
    config config_;
    events events_;
    duration authentication_timeout_ = std::chrono::seconds(10);
};

} // namespace corostream::kafka
