#pragma once

#include <corostream/kafka/detail/handle.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corostream::kafka::detail {

/// The arguments of one call to librdkafka's produce. They are views; librdkafka copies the bytes.
class produce_arguments {
public:
    produce_arguments(rd_kafka_topic_t* topic, void* opaque)
    {
        next(RD_KAFKA_VTYPE_RKT).u.rkt = topic;
        next(RD_KAFKA_VTYPE_OPAQUE).u.ptr = opaque;
        next(RD_KAFKA_VTYPE_MSGFLAGS).u.i = RD_KAFKA_MSG_F_COPY;
    }

    template <class Bytes>
    void value(const std::optional<Bytes>& v)
    {
        if (v) set(next(RD_KAFKA_VTYPE_VALUE), *v);
    }
    template <class Bytes>
    void key(const std::optional<Bytes>& k)
    {
        if (k) set(next(RD_KAFKA_VTYPE_KEY), *k);
    }
    void partition(std::int32_t p) { next(RD_KAFKA_VTYPE_PARTITION).u.i32 = p; }
    void timestamp(std::int64_t ms) { next(RD_KAFKA_VTYPE_TIMESTAMP).u.i64 = ms; }
    void headers(rd_kafka_headers_t* owned) { next(RD_KAFKA_VTYPE_HEADERS).u.headers = owned; }

    /// Calls librdkafka.
    rd_kafka_resp_err_t produce(rd_kafka_t* client) const
    {
        const error_handle refused(rd_kafka_produceva(client, all_, count_));
        return refused ? rd_kafka_error_code(refused.get()) : RD_KAFKA_RESP_ERR_NO_ERROR;
    }

private:
    rd_kafka_vu_t& next(rd_kafka_vtype_t type)
    {
        all_[count_].vtype = type;
        return all_[count_++];
    }

    static void set(rd_kafka_vu_t& argument, std::string_view bytes)
    {
        // librdkafka takes a null pointer for a null value, which an empty one is not
        // NOLINTNEXTLINE: only read
        argument.u.mem.ptr = const_cast<char*>(bytes.data() ? bytes.data() : "");
        argument.u.mem.size = bytes.size();
    }

    rd_kafka_vu_t all_[8]{}; // one of each kind
    std::size_t count_ = 0;
};

} // namespace corostream::kafka::detail
