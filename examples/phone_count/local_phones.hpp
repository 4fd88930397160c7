#pragma once

#include <corostream/core/wakeup.hpp>
#include <corostream/kafka/producer.hpp>
#include <corostream/testing/embedded_broker.hpp>
#include <phone_producer/delivery_report.hpp>
#include <phone_producer/publisher.hpp>
#include <phone_producer/random_phones.hpp>
#include <support/program.hpp>

#include <boost/asio/awaitable.hpp>

#include <exception>
#include <optional>
#include <stop_token>
#include <string>

namespace phone_count {

/// A broker in this process, and phone_producer's code to fill it, on the program's own event loop.
class local_phones : public phone_producer::delivery_report {
public:
    /// Starts the broker, with `topic`.
    local_phones(support::program& program, std::string topic);

    const std::string& brokers() const { return broker_.bootstrap(); }

    /// Says the address, and begins to send two phones a second, beside what else happens on the
    /// loop. Each delivery is told on standard error.
    void start();

    /// Ends the sending. Throws what made it fail.
    boost::asio::awaitable<void> finish();

    /// Sends fifteen phones at once and completes when they are there, instead of `start()`.
    boost::asio::awaitable<void> fill();

private:
    void delivered(const corostream::kafka::delivery& to, std::string_view phone) override;
    void failed(std::string_view phone, const corostream::kafka::error& why) override;

    support::program* program_;
    std::string topic_;
    corostream::testing::embedded_broker broker_;
    phone_producer::random_phones names_;
    std::optional<phone_producer::publisher> publisher_; // must outlive the producer
    corostream::kafka::producer producer_;
    std::stop_source stop_;
    corostream::wakeup ended_;
    bool sending_ = false;
    std::exception_ptr failure_;
};

} // namespace phone_count
