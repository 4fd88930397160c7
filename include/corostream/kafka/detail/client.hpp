#pragma once

#include <corostream/core/escape.hpp>
#include <corostream/core/wakeup.hpp>
#include <corostream/kafka/config.hpp>
#include <corostream/kafka/detail/event_signal.hpp>
#include <corostream/kafka/detail/group_watch.hpp>
#include <corostream/kafka/detail/handle.hpp>
#include <corostream/kafka/detail/refusal.hpp>
#include <corostream/kafka/error.hpp>
#include <corostream/kafka/events.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace corostream::kafka::detail {

/// What consumer and producer share: the librdkafka handle, the signal its queues write to, its log
/// and its errors, and what ended it.
class client {
public:
    client(const asio::any_io_executor& executor, rd_kafka_type_t type, const config& defaults,
        const config& chosen, events handlers, duration authentication_timeout)
        : executor_(executor)
        , events_(std::move(handlers))
        , signal_(executor)
        , changed_(executor)
        , refusal_(authentication_timeout)
    {
        conf_handle conf(rd_kafka_conf_new());
        for (const config* settings : {&defaults, &chosen}) settings->apply(conf.get());
        rd_kafka_conf_set_events(conf.get(),
            RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR
                | RD_KAFKA_EVENT_OFFSET_COMMIT | RD_KAFKA_EVENT_STATS | RD_KAFKA_EVENT_LOG);
        config{{"log.queue", "true"}}.apply(conf.get());
        if (type == RD_KAFKA_CONSUMER) {
            group_->attach(conf.get());
            rd_kafka_conf_set_opaque(conf.get(), this);
            rd_kafka_conf_set_error_cb(conf.get(), &client::remember);
        }
        std::array<char, 512> reason{};
        auto* made = rd_kafka_new(type, conf.get(), reason.data(), reason.size());
        if (!made) throw config_error({}, chosen.redact(reason.data()));
        static_cast<void>(conf.release()); // librdkafka's now
        // a consumer has been closed in good order before, or must not block on it now
        handle_ = client_handle(made, [group = group_](rd_kafka_t* rk) {
            group->wait_until_safe();
            rd_kafka_destroy_flags(rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
        });
        log_queue_ = watched_queue(rd_kafka_queue_new(made), signal_);
        rd_kafka_set_log_queue(made, log_queue_.get());
    }
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    /// Never blocks: librdkafka's handle goes away on a thread of its own.
    ~client()
    {
        log_queue_ = {};
        if (handle_) std::thread([last = std::move(handle_)]() mutable { last.reset(); }).detach();
    }

    rd_kafka_t* handle() const { return handle_.get(); }
    const asio::any_io_executor& executor() const { return executor_; }
    event_signal& signal() { return signal_; }
    group_watch& group() { return *group_; }
    const events& handlers() const { return events_; }

    /// Tells everyone who waits for this client to look again.
    wakeup& changed() { return changed_; }
    corostream::clock& clock() const { return changed_.clock(); }

    /// The client is about to go: no answer is waited for any more.
    void end()
    {
        ending_ = true;
        changed_.notify();
    }
    const bool& ending() const { return ending_; }

    /// What ended it; empty while it lives.
    const std::optional<error>& failure() const { return failure_; }

    /// Ends the client with `e`; the first failure counts. No answer is waited for any more.
    void fail(const error& e)
    {
        if (!failure_) failure_ = e;
        end();
    }

    /// Handles an event of any client; takes errors, log and statistics, and leaves the rest. True
    /// if it took it.
    bool handle(rd_kafka_event_t* event)
    {
        switch (rd_kafka_event_type(event)) {
        case RD_KAFKA_EVENT_ERROR: report(event); return true;
        case RD_KAFKA_EVENT_LOG: log(event); return true;
        case RD_KAFKA_EVENT_STATS:
            if (events_.on_statistics) events_.on_statistics(text(rd_kafka_event_stats(event)));
            return true;
        default: return false;
        }
    }

    /// Tells of an error; a fatal one ends the client.
    void report(const error& e)
    {
        if (events_.on_error) events_.on_error(e);
        if (refusal_.heard(e, clock().now())) changed_.notify();
        else if (e.severity() == severity::fatal) fail(e);
    }

    /// A broker answered.
    void accepted() { refusal_.accepted(); }

    /// Reports what librdkafka told of while the data queues were read: such as that a topic is
    /// gone.
    void report_remembered()
    {
        for (const auto& e : std::exchange(remembered_, {})) report(e);
    }

    /// When being refused becomes a failure; `never` if nothing is refused.
    time_point refused_until() const { return refusal_.until(); }

    /// Fails the client if it has been refused for too long.
    void check_refusal()
    {
        if (clock().now() >= refused_until() && !failure_) fail(refusal_.failure());
    }

    /// Drains a queue: `f(event)` for each event in it now.
    template <class F>
    static void drain(rd_kafka_queue_t* queue, F f)
    {
        // null does not always mean empty: internal operations come out as null, too
        for (;;) {
            event_handle event(rd_kafka_queue_poll(queue, 0));
            if (event) f(std::move(event));
            else if (rd_kafka_queue_length(queue) == 0) return;
        }
    }

    void drain_log()
    {
        drain(log_queue_.get(), [this](event_handle event) { handle(event.get()); });
    }

    /// Lets go of the handle, for a helper thread to destroy. Every queue must be gone.
    client_handle release()
    {
        log_queue_ = {};
        return std::move(handle_);
    }

    /// A share of the handle, for a blocking call on a helper thread.
    client_handle share() const { return handle_; }

private:
    /// Called by librdkafka, on the executor and within its own call that reads a data queue.
    static void remember(rd_kafka_t*, int code, const char* reason, void* self)
    {
        const auto known = static_cast<rd_kafka_resp_err_t>(code);
        static_cast<client*>(self)->remembered_.emplace_back(
            known, severity_of(known), text(reason));
    }

    void report(rd_kafka_event_t* event)
    {
        const auto code = rd_kafka_event_error(event);
        if (rd_kafka_event_error_is_fatal(event)) {
            std::array<char, 512> reason{};
            const auto cause = rd_kafka_fatal_error(handle(), reason.data(), reason.size());
            report(error(cause ? cause : code, severity::fatal, reason.data()));
        } else {
            std::string what(text(rd_kafka_event_error_string(event)));
            // the only one that librdkafka tells without its subject
            if (code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
                what = "group " + property_of(rd_kafka_conf(handle()), "group.id") + ": " + what;
            report(error(code, severity_of(code), what));
        }
    }

    void log(rd_kafka_event_t* event)
    {
        const char *facility = nullptr, *line = nullptr;
        int level = 0;
        if (events_.on_log && rd_kafka_event_log(event, &facility, &line, &level) == 0)
            events_.on_log(level, text(facility), text(line));
    }

    asio::any_io_executor executor_;
    events events_;
    event_signal signal_;
    wakeup changed_;
    refusal refusal_;
    std::shared_ptr<group_watch> group_ = std::make_shared<group_watch>(); // outlives the handle
    client_handle handle_;
    watched_queue log_queue_;
    std::optional<error> failure_;
    std::vector<error> remembered_;
    bool ending_ = false;
};

/// Fails a client that has been refused for too long. `State` has the client as
/// `link`, `over`, and `wake()`, which lets everyone who waits look again.
template <class State>
asio::awaitable<void> watch_refusal(std::shared_ptr<State> s)
{
    try {
        while (!s->over && !s->link.failure()) {
            co_await s->link.changed().wait(s->link.refused_until());
            s->link.check_refusal();
        }
        s->wake();
    } catch (const boost::system::system_error&) { // the executor goes away
    }
}

} // namespace corostream::kafka::detail
