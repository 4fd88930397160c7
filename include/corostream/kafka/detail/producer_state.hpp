#pragma once

#include <corostream/core/wakeup.hpp>
#include <corostream/kafka/detail/client.hpp>
#include <corostream/kafka/detail/event_signal.hpp>
#include <corostream/kafka/message.hpp>
#include <corostream/kafka/producer_options.hpp>
#include <corostream/kafka/record.hpp>

#include <array>
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
    time_point time {}; ///< as the topic has it
};

/// Told of each record's fate, once: where it is, or why it is nowhere. Called on the producer's executor; must not throw.
using delivery_handler = std::function<void(const delivery&, const error*)>;

namespace detail {

/// What a producer, its sends and the tasks that serve it share. All of them run on one executor.
struct producer_state {
    producer_state(const asio::any_io_executor& executor, const producer_options& chosen)
        : link(executor, RD_KAFKA_PRODUCER, defaults(), chosen.properties(), chosen.handlers(), chosen.authentication_timeout())
        , moved(executor)
    {
        reports = watched_queue(rd_kafka_queue_get_main(link.handle()), link.signal());
    }

    /// One awaited send. Kept here and not in the coroutine, which may be cancelled before the report comes.
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
    std::list<std::shared_ptr<void>> handlers; ///< of jobs that may be gone before the reports they wait for
    std::size_t in_flight = 0;
    bool over = false;

    time_point now() const { return link.clock().now(); }

    /// Gives a record to librdkafka, which copies it. `done` is told of its fate, may be null, and must live until then.
    rd_kafka_resp_err_t produce(const record& r, delivery_handler* done)
    {
        auto* topic = topic_of(r.topic());
        if (!topic) return rd_kafka_last_error();
        std::array<rd_kafka_vu_t, 7> all;
        std::size_t count = 0;
        auto next = [&](rd_kafka_vtype_t type) -> rd_kafka_vu_t& {
            all[count].vtype = type;
            return all[count++];
        };
        next(RD_KAFKA_VTYPE_RKT).u.rkt = topic;
        if (r.value()) next(RD_KAFKA_VTYPE_VALUE).u.mem = bytes(*r.value());
        if (r.key()) next(RD_KAFKA_VTYPE_KEY).u.mem = bytes(*r.key());
        if (r.partition()) next(RD_KAFKA_VTYPE_PARTITION).u.i32 = *r.partition();
        if (r.timestamp()) next(RD_KAFKA_VTYPE_TIMESTAMP).u.i64 = to_kafka_time(*r.timestamp());
        next(RD_KAFKA_VTYPE_MSGFLAGS).u.i = RD_KAFKA_MSG_F_COPY;
        next(RD_KAFKA_VTYPE_OPAQUE).u.ptr = done;
        const error_handle refused(r.headers().empty() ? rd_kafka_produceva(link.handle(), all.data(), count)
                                                        : produce_with_headers(r, all.data(), count));
        if (refused) return rd_kafka_error_code(refused.get());
        ++in_flight;
        return RD_KAFKA_RESP_ERR_NO_ERROR;
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
        link.drain_log();
        if (any || link.failure()) moved.notify();
    }

    void finish()
    {
        over = true;
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
        return {
            { "client.id", "corostream" },
            { "enable.idempotence", "true" },
            { "partitioner", "murmur2_random" }, // as Java's producers: one key, one partition, whoever writes it
            { "queue.buffering.max.kbytes", "65536" },
        };
    }

    static auto bytes(std::string_view v) -> decltype(rd_kafka_vu_t::u.mem)
    {
        // librdkafka takes a null pointer for a null value, which an empty one is not
        return { const_cast<char*>(v.data() ? v.data() : ""), v.size() }; // NOLINT: it is copied, not written to
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

    /// The rare case, apart: librdkafka takes headers one argument each.
    rd_kafka_error_t* produce_with_headers(const record& r, const rd_kafka_vu_t* fixed, std::size_t count)
    {
        std::vector<std::string> names;
        names.reserve(r.headers().size());
        std::vector<rd_kafka_vu_t> all(fixed, fixed + count);
        for (const auto& [name, value] : r.headers()) {
            names.emplace_back(name);
            auto& h = all.emplace_back();
            h.vtype = RD_KAFKA_VTYPE_HEADER;
            h.u.header.name = names.back().c_str();
            h.u.header.val = value ? bytes(*value).ptr : nullptr;
            h.u.header.size = value ? static_cast<ssize_t>(value->size()) : 0;
        }
        return rd_kafka_produceva(link.handle(), all.data(), all.size());
    }

    void report(const rd_kafka_message_t* m)
    {
        --in_flight;
        auto* done = static_cast<delivery_handler*>(m->_private);
        if (m->err == RD_KAFKA_RESP_ERR_NO_ERROR) link.accepted();
        if (!done || !*done) return;
        rd_kafka_timestamp_type_t type {};
        const auto ms = rd_kafka_message_timestamp(m, &type);
        const delivery where { text(rd_kafka_topic_name(m->rkt)), m->partition, m->offset, from_kafka_time(ms) };
        if (m->err == RD_KAFKA_RESP_ERR_NO_ERROR) (*done)(where, nullptr);
        else {
            const error failed(m->err, "sending to " + std::string(where.topic) + " [" + std::to_string(where.partition) + "]");
            (*done)(where, &failed);
        }
    }
};

} // namespace detail

} // namespace corostream::kafka
