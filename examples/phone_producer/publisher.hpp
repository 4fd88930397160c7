#pragma once

#include <corostream/core/wakeup.hpp>
#include <corostream/kafka/producer.hpp>
#include <phone_producer/delivery_report.hpp>
#include <phone_producer/event_times.hpp>
#include <phone_producer/phone_names.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phone_producer {

/// What to publish, and how fast.
struct publication {
    explicit publication(std::string to)
        : topic(std::move(to))
    {
    }

    std::string topic;
    double rate = 2; ///< a second; 0 for as fast as it goes
    std::uint64_t count = std::numeric_limits<std::uint64_t>::max();
    bool key_by_name = false;
    std::optional<event_times> times; ///< of the records; without, when each is sent
};

/// Sends names of phones to a topic and keeps account of what became of them.
///
/// A record in flight has a slot, and slots are used again: in a steady state nothing is allocated.
/// The slots must be there while the producer is, so make the publisher first.
class publisher {
public:
    publisher(
        const boost::asio::any_io_executor& executor, publication what, delivery_report& report);

    /// Sends until all is sent or a stop is requested, then waits for the deliveries: after a stop
    /// no longer than `grace`. `producer` and `phones` must outlive the call.
    boost::asio::awaitable<void> run(
        corostream::kafka::producer* producer, phone_names* phones, std::stop_token stop);

    static constexpr corostream::duration grace = std::chrono::seconds(3);

    std::uint64_t sent() const { return sent_; }
    std::uint64_t delivered() const { return delivered_; }
    /// After `run()`: those that were refused or timed out, or that nothing was heard of.
    std::uint64_t failed() const { return sent_ - delivered_; }

private:
    struct slot {
        std::string phone;
        std::function<void(const corostream::kafka::delivery&, const corostream::kafka::error*)>
            done;
    };

    boost::asio::awaitable<void> send_all(
        corostream::kafka::producer* producer, phone_names* phones);
    boost::asio::awaitable<void> send(
        corostream::kafka::producer* producer, std::string_view phone);
    boost::asio::awaitable<void> wait_for_deliveries(std::stop_token stop);
    std::size_t in_flight() const { return slots_.size() - free_.size(); }
    slot& take_slot();
    void settle(
        slot& s, const corostream::kafka::delivery* to, const corostream::kafka::error* why);

    boost::asio::any_io_executor executor_;
    publication what_;
    delivery_report* report_;
    corostream::wakeup settled_;
    std::deque<slot> slots_;
    std::vector<slot*> free_;
    std::uint64_t sent_ = 0;
    std::uint64_t delivered_ = 0;
};

} // namespace phone_producer
