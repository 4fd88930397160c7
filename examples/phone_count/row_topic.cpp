#include <phone_count/phone_of.hpp>
#include <phone_count/row_topic.hpp>
#include <support/time_text.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace phone_count {

namespace asio = boost::asio;
namespace kafka = corostream::kafka;

namespace {

constexpr std::chrono::seconds grace{3};

} // namespace

row_topic::row_topic(support::program& program, kafka::producer_options options, std::string topic)
    : topic_(std::move(topic))
    , reported_(program.executor())
    , on_report_([this](const kafka::delivery&, const kafka::error* why) {
        --in_flight_;
        if (why && !failure_) failure_ = *why;
        reported_.notify();
    })
    , producer_(program.executor(), std::move(options))
    , stop_(program.stop())
{
}

void row_topic::begin_window(corostream::time_point begin)
{
    begin_ = std::to_string(support::epoch_ms(begin));
}

void row_topic::row(std::string_view phone, std::int64_t count)
{
    auto& r = rows_.emplace_back();
    r.key = name_of(phone);
    r.value = begin_ + ',' + std::to_string(count);
}

asio::awaitable<void> row_topic::deliver(std::size_t may_be_left)
{
    const std::stop_callback on_stop(stop_, [this] { reported_.notify(); });
    auto until = corostream::never;
    for (std::size_t sent = 0;;) {
        while (sent < rows_.size() && try_send(rows_[sent])) ++sent;
        if (failure_) throw kafka::error(*failure_);
        if (sent == rows_.size() && in_flight_ <= may_be_left) break;
        const auto now = reported_.clock().now();
        if (stop_.stop_requested()) until = std::min(until, now + grace);
        if (now >= until)
            throw kafka::error(RD_KAFKA_RESP_ERR__TIMED_OUT, "delivering to " + topic_);
        co_await reported_.wait(until);
    }
    rows_.clear();
}

bool row_topic::try_send(const row_record& row)
{
    kafka::record r(topic_, row.value);
    if (row.key) r.key(*row.key);
    const bool taken = producer_.try_enqueue(r, &on_report_);
    if (taken) ++in_flight_;
    return taken;
}

asio::awaitable<void> row_topic::close()
{
    try {
        co_await producer_.close(std::chrono::seconds(1));
    } catch (const kafka::error&) { // deliver() has thrown why rows are still in flight
    }
}

} // namespace phone_count
