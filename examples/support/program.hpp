#pragma once

#include <support/diagnostics.hpp>
#include <support/output.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <stop_token>
#include <string>

namespace support {

/// What a program has while it runs: one event loop on one thread, standard output, a place for
/// messages, and the request to stop.
class program {
public:
    explicit program(const std::string& name);

    /// Runs what `start` returns on the event loop, to its end; it yields the exit code. An
    /// exception is said on standard error and makes that 1, or 2 if it is about what was asked
    /// for.
    int run(const std::function<boost::asio::awaitable<int>()>& start);

    boost::asio::any_io_executor executor() { return loop_.get_executor(); }
    output& out() { return out_; }
    diagnostics& errors() { return errors_; }

    /// Stop is requested by SIGINT, SIGTERM, and an output that nobody reads any more.
    std::stop_token stop() const { return stop_.get_token(); }

private:
    int run_loop(const std::function<boost::asio::awaitable<int>()>& start);

    std::stop_source stop_;
    boost::asio::io_context loop_{1};
    diagnostics errors_;
    output out_;
};

} // namespace support
