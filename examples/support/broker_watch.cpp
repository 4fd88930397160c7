#include <corostream/core/escape.hpp>
#include <support/broker_watch.hpp>
#include <support/duration.hpp>

#include <utility>

namespace support {

namespace kafka = corostream::kafka;

broker_watch::broker_watch(const boost::asio::any_io_executor& executor, diagnostics& errors,
    const connection_options& connection, std::stop_token stop)
    : pause_(executor)
    , errors_(&errors)
    , brokers_(corostream::escape(connection.brokers))
    , wait_(connection.wait)
    , stop_(std::move(stop))
{
}

kafka::events broker_watch::events()
{
    kafka::events hooks;
    hooks.on_error = [this](const kafka::error& e) { on_error(e); };
    return hooks;
}

bool broker_watch::judge(const kafka::error& e)
{
    if (kafka::is_authentication_failure(e.code())) throw;
    if (!kafka::is_unreachable(e.code())) return true;
    if (!reason_) say_unreachable(e.what());
    if (pause_.clock().now() < waiting_until_) return false;
    throw failure(
        "no broker reached at " + brokers_ + " within " + duration_text(wait_) + ": " + *reason_);
}

void broker_watch::on_error(const kafka::error& e)
{
    if (e.severity() == kafka::severity::fatal) return; // ends the stream, which says it
    if (waiting_until_ != corostream::time_point::min()) {
        // "1/1 brokers are down" follows what is wrong, and adds nothing to it
        if (!reason_ && e.code() != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) say_unreachable(e.what());
        return;
    }
    const auto now = pause_.clock().now();
    std::erase_if(
        said_, [&](const auto& entry) { return now - entry.second >= std::chrono::seconds(10); });
    if (said_.try_emplace(e.what(), now).second) errors_->say(e.what());
}

void broker_watch::say_unreachable(const std::string& reason)
{
    reason_ = reason;
    errors_->say(
        "can't reach " + brokers_ + ", trying for " + duration_text(wait_) + ": " + reason);
}

} // namespace support
