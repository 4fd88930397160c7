#pragma once

#include <corostream/kafka/error.hpp>
#include <corostream/kafka/producer.hpp>

#include <string_view>

namespace phone_producer {

/// Is told what became of each record. Must not throw.
class delivery_report {
public:
    delivery_report() = default;
    delivery_report(const delivery_report&) = delete;
    delivery_report& operator=(const delivery_report&) = delete;
    virtual ~delivery_report() = default;

    virtual void delivered(const corostream::kafka::delivery& to, std::string_view phone) = 0;
    virtual void failed(std::string_view phone, const corostream::kafka::error& why) = 0;
};

} // namespace phone_producer
