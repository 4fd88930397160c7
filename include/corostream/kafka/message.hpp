#pragma once

#include <corostream/core/time.hpp>
#include <corostream/kafka/detail/handle.hpp>

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corostream::kafka {

/// A header of a message; a value may be null.
struct header {
    std::string_view name;
    std::optional<std::string_view> value;
};

namespace detail {

/// Kafka's milliseconds as ours; out of range becomes the limit.
inline time_point from_kafka_time(std::int64_t ms)
{
    constexpr std::int64_t limit
        = std::chrono::floor<std::chrono::milliseconds>(never - duration(1))
              .time_since_epoch()
              .count();
    return time_point(std::chrono::milliseconds(std::clamp(ms, -limit, limit)));
}

/// The time of a message; the epoch if it has none.
inline time_point time_of(const rd_kafka_message_t& m)
{
    rd_kafka_timestamp_type_t type{};
    const auto ms = rd_kafka_message_timestamp(&m, &type);
    return type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? time_point() : from_kafka_time(ms);
}

/// The time of a message; `no_time` if it has none.
inline time_point event_time_of(const rd_kafka_message_t& m)
{
    rd_kafka_timestamp_type_t type{};
    const auto ms = rd_kafka_message_timestamp(&m, &type);
    return type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || ms == -1 ? no_time : from_kafka_time(ms);
}

inline std::int64_t to_kafka_time(time_point t)
{
    return std::chrono::floor<std::chrono::milliseconds>(t).time_since_epoch().count();
}

} // namespace detail

/// A message as its own bytes, for keeping: see `message::detach`.
struct owned_message {
    std::optional<std::string> key, value;
    std::vector<std::pair<std::string, std::optional<std::string>>> headers;
    std::string topic;
    std::int32_t partition;
    std::int64_t offset;
    time_point time;
};

/// A message of librdkafka's, owned: no bytes are copied. Its views live as long as it does. While
/// it lives, it pins the whole response it came in (up to a megabyte) and keeps its client from
/// being destroyed: to keep it for long, `detach()`. Move-only. Distinct objects: safe, also from
/// other threads. Shared objects: unsafe.
class message {
public:
    /// Takes over `raw`, which carries no error.
    explicit message(rd_kafka_message_t* raw) noexcept
        : raw_(raw)
    {
    }

    /// The value's bytes; empty for a tombstone, see `has_value`.
    std::string_view value() const { return view(raw_->payload, raw_->len); }
    /// False for a tombstone: a null value, which is not an empty one.
    bool has_value() const { return raw_->payload != nullptr; }
    /// The key's bytes; empty if there is none, see `has_key`.
    std::string_view key() const { return view(raw_->key, raw_->key_len); }
    bool has_key() const { return raw_->key != nullptr; }

    /// When the record was made or appended, as the topic has it; the epoch if it has none.
    /// Milliseconds.
    time_point time() const { return detail::time_of(*raw_); }

    std::string_view topic() const { return detail::text(rd_kafka_topic_name(raw_->rkt)); }
    std::int32_t partition() const { return raw_->partition; }
    std::int64_t offset() const { return raw_->offset; }

    /// The headers in order. Parsed at the first call; allocates.
    std::vector<header> headers() const
    {
        std::vector<header> found;
        rd_kafka_headers_t* list = nullptr;
        if (rd_kafka_message_headers(raw_.get(), &list) != RD_KAFKA_RESP_ERR_NO_ERROR) return found;
        const char* name = nullptr;
        const void* value = nullptr;
        std::size_t size = 0;
        for (std::size_t i = 0;
            rd_kafka_header_get_all(list, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
            ++i)
            found.push_back({name, value ? std::optional(view(value, size)) : std::nullopt});
        return found;
    }

    /// A copy that pins nothing.
    owned_message detach() const
    {
        owned_message copy{{}, {}, {}, std::string(topic()), partition(), offset(), time()};
        if (has_key()) copy.key = std::string(key());
        if (has_value()) copy.value = std::string(value());
        for (const auto& h : headers())
            copy.headers.emplace_back(
                h.name, h.value ? std::optional(std::string(*h.value)) : std::nullopt);
        return copy;
    }

private:
    static std::string_view view(const void* bytes, std::size_t size)
    {
        return {static_cast<const char*>(bytes), size};
    }

    detail::message_handle raw_;
};

} // namespace corostream::kafka
