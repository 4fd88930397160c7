#pragma once

#include <corostream/kafka/consumer.hpp>
#include <support/program.hpp>

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace phone_count {

/// Says on standard error how the consumer stands with each partition: at SIGUSR1, and every so
/// often if that is asked for. The consumer must outlive it.
class status_reporter {
public:
    /// `every` may be zero: at the signal only.
    status_reporter(support::program& program, const corostream::kafka::consumer& of,
        corostream::duration every);

private:
    void wait_for_signal();
    void wait_for_time();
    void report();

    support::program* program_;
    const corostream::kafka::consumer* consumer_;
    corostream::duration every_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer timer_;
};

} // namespace phone_count
