#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string_view>

namespace phone_producer {

/// Where the names of phones come from.
class phone_names {
public:
    phone_names() = default;
    phone_names(const phone_names&) = delete;
    phone_names& operator=(const phone_names&) = delete;
    virtual ~phone_names() = default;

    /// The next name, or nothing at the end. It may be any bytes, and is there until the next call.
    virtual boost::asio::awaitable<std::optional<std::string_view>> next() = 0;
};

} // namespace phone_producer
