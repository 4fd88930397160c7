#pragma once

#include <corostream/core/wakeup.hpp>
#include <corostream/kafka/error.hpp>
#include <corostream/kafka/events.hpp>
#include <support/connection_options.hpp>
#include <support/diagnostics.hpp>
#include <support/failure.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <map>
#include <stop_token>
#include <string>

namespace support {

/// Says on standard error how it goes with the brokers: at the start, that they can't be reached;
/// later, what the client reports, each thing once in ten seconds.
class broker_watch {
public:
    broker_watch(const boost::asio::any_io_executor& executor, diagnostics& errors,
        const connection_options& connection, std::stop_token stop);

    /// The hooks for the client's options.
    corostream::kafka::events events();

    /// Asks by `describe(timeout)`, the client's, until the cluster answers. False if a stop was
    /// requested first. Throws `failure` after the time to wait. A client that reached nobody is
    /// closed, so that nothing of it still runs when the program ends.
    template <class Client, class Describe>
    boost::asio::awaitable<bool> reach(Client* client, Describe describe)
    {
        bool reached = false;
        std::exception_ptr given_up;
        try {
            reached = co_await ask(std::move(describe));
        } catch (const failure&) {
            given_up = std::current_exception();
        }
        if (reached) co_return true;
        try {
            co_await client->close(std::chrono::seconds(1));
        } catch (const corostream::kafka::error&) { // nobody was there to say goodbye to
        }
        if (given_up) std::rethrow_exception(given_up);
        co_return false;
    }

    /// Whether the answer was that there is no such topic.
    bool topic_is_missing() const { return topic_is_missing_; }

private:
    // so that it is said within five seconds
    static constexpr corostream::duration attempt = std::chrono::seconds(2);
    // credentials and certificates seldom get better by waiting
    static constexpr corostream::duration refused_for = std::chrono::seconds(10);
    static constexpr corostream::duration between_attempts = std::chrono::milliseconds(300);

    template <class Describe>
    boost::asio::awaitable<bool> ask(Describe describe)
    {
        const auto until = pause_.clock().now() + wait_;
        const std::stop_callback wake(stop_, [this] { pause_.notify(); });
        while (!stop_.stop_requested()) {
            bool reached = true;
            try {
                co_await describe(std::min(attempt, until - pause_.clock().now()));
            } catch (const corostream::kafka::error& e) {
                reached = judge(e, until);
            }
            if (reached) break;
            co_await pause_.wait(std::min(until, pause_.clock().now() + between_attempts));
        }
        reached_ = true;
        co_return !stop_.stop_requested();
    }

    /// Whether the cluster answered, though with an error that somebody else will report.
    bool judge(const corostream::kafka::error& e, corostream::time_point until);
    void on_error(const corostream::kafka::error& e);
    void say_unreachable(const std::string& reason);

    corostream::wakeup pause_;
    diagnostics* errors_;
    std::string brokers_;
    corostream::duration wait_;
    std::stop_token stop_;
    bool reached_ = false;
    bool topic_is_missing_ = false;
    corostream::time_point refused_until_ = corostream::never;
    std::string reason_; ///< why the brokers can't be reached
    std::map<std::string, corostream::time_point> said_;
};

} // namespace support
