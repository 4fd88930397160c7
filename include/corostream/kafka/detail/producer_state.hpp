#pragma once

#include <corostream/core/wakeup.hpp>
#include <corostream/kafka/detail/client.hpp>
#include <corostream/kafka/detail/event_signal.hpp>
#include <corostream/kafka/detail/produce_arguments.hpp>
#include <corostream/kafka/detail/size_retry.hpp>
#include <corostream/kafka/message.hpp>
#include <corostream/kafka/producer_options.hpp>
#include <corostream/kafka/record.hpp>

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corostream::kafka {

/// Where a record came to lie.
struct delivery {
    std::string_view topic; ///< lives as long as the producer
    std::int32_t partition = -1;
    std::int64_t offset = -1;
    time_point time{}; ///< as the topic has it
};

/// Told of each record's fate, once: where it is, or why it is nowhere. Called on the producer's
/// executor; must not throw.
using delivery_handler = std::function<void(const delivery&, const error*)>;

namespace detail {

/// What a producer, its sends and the tasks that serve it share. All of them run on one executor.
struct producer_state {
    producer_state(const asio::any_io_executor& executor, const producer_options& chosen)
        : link(executor, RD_KAFKA_PRODUCER, defaults(), chosen.properties(), chosen.handlers(),
              chosen.authentication_timeout())
        , moved(executor)
    {
        reports = watched_queue(rd_kafka_queue_get_main(link.handle()), link.signal());
    }

    /// One awaited send. Kept here and not in the coroutine, which may be cancelled before the
    /// report comes.
    struct awaited {
        delivery_handler handler;
        delivery where;
        std::optional<error> failed;
        bool reported = false, abandoned = false;
    };

    client link;
    wakeup moved; ///< a report came: there is room, or nothing is in flight any more
    watched_queue reports;
    std::map<std::string, topic_handle, std::less<>> topics;
    std::list<awaited> sends;
    /// of jobs that may be gone before the reports they wait for
    std::list<std::shared_ptr<void>> handlers;
    std::size_t in_flight = 0;
    bool closed = false; ///< nothing more is taken
    bool over = false;

    time_point now() const { return link.clock().now(); }

    /// Gives a record to librdkafka, which copies it. `done` is told of its fate, may be null, and
    /// must live until then.
    rd_kafka_resp_err_t produce(const record& r, delivery_handler* done)
    {
        if (closed) return RD_KAFKA_RESP_ERR__DESTROY;
        if (retry_.active()) return RD_KAFKA_RESP_ERR__QUEUE_FULL; // those come first
        auto* topic = topic_of(r.topic());
        if (!topic) return rd_kafka_last_error();
        produce_arguments arguments(topic, done);
        arguments.value(r.value());
        arguments.key(r.key());
        if (r.partition()) arguments.partition(*r.partition());
        if (r.timestamp()) arguments.timestamp(to_kafka_time(*r.timestamp()));
        auto headers = headers_of(r);
        if (headers) arguments.headers(headers.get());
        const auto code = arguments.produce(link.handle());
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return code;
        static_cast<void>(headers.release()); // librdkafka's now
        ++in_flight;
        return code;
    }

    /// Takes what is on the queues, and tells each record's fate.
    void drain()
    {
        bool any = false;
        client::drain(reports.get(), [&](event_handle event) {
            if (rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_DR) {
                link.handle(event.get());
                return;
            }
            any = true;
            while (const auto* m = rd_kafka_event_message_next(event.get())) report(m);
        });
        if (retry_.active() && in_flight == 0) {
            retry_.send_group([this](kept_record& r) { return produce_again(r); });
            // librdkafka takes none of them
            if (in_flight == 0) give_up(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
        }
        link.drain_log();
        if (any || link.failure()) wake();
    }

    /// Lets everyone who waits look again. Once the producer has failed, what librdkafka has not
    /// sent gets its report.
    void wake()
    {
        if (link.failure() && !over) purge(RD_KAFKA_PURGE_F_QUEUE);
        moved.notify();
    }

    /// Throws what ended the producer, if something did.
    void throw_failure(std::string_view topic) const
    {
        if (link.failure()) throw failure_at("sending to " + std::string(topic));
    }

    /// How many records' fate has not been told yet.
    std::size_t unreported() const { return in_flight + retry_.kept(); }

    /// Lets librdkafka give up what `which` names, and so gets a report of each record.
    void purge(int which)
    {
        give_up(RD_KAFKA_RESP_ERR__PURGE_QUEUE);
        rd_kafka_purge(link.handle(), which | RD_KAFKA_PURGE_F_NON_BLOCKING);
    }

    void finish()
    {
        over = true;
        link.end();
        link.signal().cancel();
        moved.notify();
    }

    client_handle release()
    {
        reports = {};
        topics.clear();
        return link.release();
    }

private:
    static config defaults()
    {
        config safe{
            {"client.id", "corostream"},
            {"enable.idempotence", "true"},
            // as Java's producers: one key, one partition, whoever writes it
            {"partitioner", "murmur2_random"},
            {"queue.buffering.max.kbytes", "65536"},
        };
        // up to 2.2 two requests that a broker took down with it end an idempotent producer
        // (librdkafka#4438)
        if (rd_kafka_version() < 0x020300ff)
            safe.set("max.in.flight.requests.per.connection", "1");
        return safe;
    }

    rd_kafka_topic_t* topic_of(std::string_view name)
    {
        auto at = topics.find(name);
        if (at == topics.end()) {
            std::string owned(name);
            topic_handle made(rd_kafka_topic_new(link.handle(), owned.c_str(), nullptr));
            if (!made) return nullptr;
            at = topics.emplace(std::move(owned), std::move(made)).first;
        }
        return at->second.get();
    }

    static headers_handle headers_of(const record& r)
    {
        if (r.headers().empty()) return nullptr;
        headers_handle headers(rd_kafka_headers_new(r.headers().size()));
        for (const auto& [name, value] : r.headers())
            rd_kafka_header_add(headers.get(), name.data(), static_cast<ssize_t>(name.size()),
                value ? (value->data() ? value->data() : "") : nullptr,
                value ? static_cast<ssize_t>(value->size()) : 0);
        return headers;
    }

    bool produce_again(kept_record& r)
    {
        produce_arguments arguments(r.topic, r.opaque);
        arguments.value(r.value);
        arguments.key(r.key);
        arguments.partition(r.partition);
        arguments.timestamp(r.time);
        if (r.headers) arguments.headers(r.headers.get());
        if (arguments.produce(link.handle()) != RD_KAFKA_RESP_ERR_NO_ERROR) return false;
        static_cast<void>(r.headers.release()); // librdkafka's now
        ++in_flight;
        return true;
    }

    kept_record keep(const rd_kafka_message_t* m)
    {
        kept_record r;
        r.topic = m->rkt;
        r.partition = m->partition;
        if (m->key) r.key.emplace(static_cast<const char*>(m->key), m->key_len);
        if (m->payload) r.value.emplace(static_cast<const char*>(m->payload), m->len);
        rd_kafka_timestamp_type_t type{};
        r.time = rd_kafka_message_timestamp(m, &type);
        rd_kafka_headers_t* headers = nullptr;
        if (rd_kafka_message_headers(m, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR)
            r.headers.reset(rd_kafka_headers_copy(headers));
        r.opaque = m->_private;
        return r;
    }

    void give_up(rd_kafka_resp_err_t code)
    {
        retry_.give_up([&](const kept_record& r) {
            tell(static_cast<delivery_handler*>(r.opaque),
                {text(rd_kafka_topic_name(r.topic)), r.partition, -1, from_kafka_time(r.time)},
                code);
        });
    }

    void report(const rd_kafka_message_t* m)
    {
        --in_flight;
        if (m->err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) {
            if (retry_.refused(keep(m))) return;
        } else retry_.settled();
        if (m->err == RD_KAFKA_RESP_ERR_NO_ERROR) link.accepted();
        rd_kafka_timestamp_type_t type{};
        const auto ms = rd_kafka_message_timestamp(m, &type);
        tell(static_cast<delivery_handler*>(m->_private),
            {text(rd_kafka_topic_name(m->rkt)), m->partition, m->offset, from_kafka_time(ms)},
            m->err);
    }

    error failure_at(const std::string& place) const
    {
        const auto& cause = *link.failure();
        return {cause.code(), cause.severity(), place + ": " + cause.what()};
    }

    /// Tells why a record is nowhere. What is given up because the producer failed failed for that.
    void tell(delivery_handler* done, const delivery& where, rd_kafka_resp_err_t code)
    {
        if (!done || !*done) return;
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
            (*done)(where, nullptr);
            return;
        }
        const bool given_up
            = code == RD_KAFKA_RESP_ERR__PURGE_QUEUE || code == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT;
        const auto place = "sending to " + std::string(where.topic) + " ["
                         + std::to_string(where.partition) + "]";
        const auto failed = given_up && link.failure() ? failure_at(place) : error(code, place);
        (*done)(where, &failed);
    }

    size_retry retry_;
};

} // namespace detail

} // namespace corostream::kafka
