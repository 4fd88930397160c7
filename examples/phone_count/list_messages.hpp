#pragma once

#include <corostream/kafka/consumer.hpp>
#include <phone_count/options.hpp>
#include <support/output.hpp>

#include <boost/asio/awaitable.hpp>

#include <string>

namespace phone_count {

/// Prints every message that `phones` reads, one a line, until its stream ends. All but `how` must
/// outlive the call.
boost::asio::awaitable<void> list_messages(
    corostream::kafka::consumer& phones, format how, support::output& out);

/// As table: the value alone, escaped. As json: an object with partition, offset, time, key and
/// phone.
std::string message_line(const corostream::kafka::message& m, format how);

} // namespace phone_count
