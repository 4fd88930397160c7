#pragma once

#include <corostream/core/time.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace corostream::kafka {

/// A record to produce: views of the caller's bytes, which must live until `send` or `enqueue`
/// completes.
class record {
public:
    record(std::string_view topic, std::string_view value)
        : topic_(topic)
        , value_(value)
    {
    }
    /// A tombstone: a record whose value is null.
    record(std::string_view topic, std::nullopt_t)
        : topic_(topic)
    {
    }

    /// The key: records of one key go to one partition.
    record& key(std::string_view k)
    {
        key_ = k;
        return *this;
    }
    /// The partition, instead of the one the key says.
    record& partition(std::int32_t p)
    {
        partition_ = p;
        return *this;
    }
    /// The record's time, in milliseconds at the finest; now unless said otherwise.
    record& timestamp(time_point t)
    {
        time_ = t;
        return *this;
    }
    /// Adds a header; its value may be null.
    record& header(std::string_view name, std::optional<std::string_view> value)
    {
        headers_.emplace_back(name, value);
        return *this;
    }

    std::string_view topic() const { return topic_; }
    const std::optional<std::string_view>& value() const { return value_; }
    const std::optional<std::string_view>& key() const { return key_; }
    const std::optional<std::int32_t>& partition() const { return partition_; }
    const std::optional<time_point>& timestamp() const { return time_; }
    const std::vector<std::pair<std::string_view, std::optional<std::string_view>>>& headers() const
    {
        return headers_;
    }

private:
    std::string_view topic_;
    std::optional<std::string_view> value_, key_;
    std::optional<std::int32_t> partition_;
    std::optional<time_point> time_;
    std::vector<std::pair<std::string_view, std::optional<std::string_view>>> headers_;
};

} // namespace corostream::kafka
