#pragma once

#include <librdkafka/rdkafka.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace corostream::kafka::detail {

/// Calls a C destructor; so each librdkafka handle is a unique_ptr.
template <auto Destroy>
struct destroy_with {
    template <class T>
    void operator()(T* handle) const noexcept
    {
        Destroy(handle);
    }
};

using conf_handle = std::unique_ptr<rd_kafka_conf_t, destroy_with<&rd_kafka_conf_destroy>>;
using queue_handle = std::unique_ptr<rd_kafka_queue_t, destroy_with<&rd_kafka_queue_destroy>>;
using event_handle = std::unique_ptr<rd_kafka_event_t, destroy_with<&rd_kafka_event_destroy>>;
using list_handle = std::unique_ptr<rd_kafka_topic_partition_list_t,
    destroy_with<&rd_kafka_topic_partition_list_destroy>>;
using topic_handle = std::unique_ptr<rd_kafka_topic_t, destroy_with<&rd_kafka_topic_destroy>>;
using message_handle = std::unique_ptr<rd_kafka_message_t, destroy_with<&rd_kafka_message_destroy>>;
using error_handle = std::unique_ptr<rd_kafka_error_t, destroy_with<&rd_kafka_error_destroy>>;

/// A client. Whoever lets go of it last destroys it, which may block: only helper threads do.
using client_handle = std::shared_ptr<rd_kafka_t>;

/// A text from librdkafka that may be null.
inline std::string_view text(const char* s) { return s ? std::string_view(s) : std::string_view(); }

/// The value of a property; empty if it has none.
inline std::string property_of(const rd_kafka_conf_t* conf, const char* name)
{
    std::array<char, 512> value{};
    std::size_t size = value.size();
    rd_kafka_conf_get(conf, name, value.data(), &size);
    return value.data();
}

} // namespace corostream::kafka::detail
