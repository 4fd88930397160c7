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

bool broker_watch::judge(const kafka::error& e, corostream::time_point until)
{
    topic_is_missing_ = e.code() == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    if (!kafka::is_unreachable(e.code())) return true;
    if (reason_.empty()) say_unreachable(e.what());
    const auto now = pause_.clock().now();
    if (now >= refused_until_) throw failure(reason_);
    if (now < until) return false;
    throw failure(
        "no broker reached at " + brokers_ + " within " + duration_text(wait_) + ": " + reason_);
}

void broker_watch::on_error(const kafka::error& e)
{
    if (e.severity() == kafka::severity::fatal) return; // ends the stream, which says it
    const auto now = pause_.clock().now();
    if (!reached_) {
        const bool refused = kafka::is_authentication_failure(e.code())
                          && refused_until_ == corostream::never;
        if (refused) refused_until_ = now + refused_for;
        // "1/1 brokers are down" follows what is wrong, and adds nothing to it
        const bool news = reason_.empty() && e.code() != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
        if (refused || news) say_unreachable(e.what());
        return;
    }
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
