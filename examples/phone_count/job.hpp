#pragma once

#include <corostream/kafka/consumer.hpp>
#include <phone_count/options.hpp>
#include <phone_count/results.hpp>
#include <support/program.hpp>

#include <boost/asio/awaitable.hpp>

namespace phone_count {

/// What counts: completes when there is nothing more to count, or when the consumer was stopped.
using counting = boost::asio::awaitable<void>(
    corostream::kafka::consumer& phones, const options& o, results& out);

/// All around the counting: the consumer, the broker in this process if none was named, waiting for
/// brokers, the stop, and the end. Yields the exit code.
boost::asio::awaitable<int> run_job(support::program& program, options o, counting* count);

} // namespace phone_count
