#pragma once

#include <corostream/core/wakeup.hpp>
#include <corostream/kafka/producer.hpp>
#include <support/program.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace phone_count {

/// Writes rows to a topic, a window at a time: the phone as key, "1795349404000,5" as value, the
/// window's begin in ms and the count, 0 of a session that is taken back. A tombstone's row has no
/// key.
class row_topic {
public:
    /// Throws `config_error` for what a producer does not take.
    row_topic(
        support::program& program, corostream::kafka::producer_options options, std::string topic);

    void begin_window(corostream::time_point begin);
    /// `phone` is what `phone_of` returned.
    void row(std::string_view phone, std::int64_t count);
    /// Sends the window's rows, and completes when all but so many of those sent have been
    /// delivered. Throws `kafka::error` for one that is not; after a stop was requested it waits
    /// 3 s at most.
    boost::asio::awaitable<void> deliver(std::size_t may_be_left = 0);

    /// Ends the producer. What is in flight after a failure is given up.
    boost::asio::awaitable<void> close();

private:
    struct row_record {
        std::optional<std::string> key;
        std::string value;
    };
    bool try_send(const row_record& row);

    std::string topic_;
    std::string begin_;
    std::vector<row_record> rows_;
    std::size_t in_flight_ = 0;
    std::optional<corostream::kafka::error> failure_;
    corostream::wakeup reported_;
    corostream::kafka::delivery_handler on_report_; // must outlive the producer
    corostream::kafka::producer producer_;
    std::stop_token stop_;
};

} // namespace phone_count
