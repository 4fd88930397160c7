#include <corostream/core/clock.hpp>
#include <phone_count/status_line.hpp>
#include <phone_count/status_reporter.hpp>

#include <boost/system/error_code.hpp>

#include <csignal>

namespace phone_count {

status_reporter::status_reporter(
    support::program& program, const corostream::kafka::consumer& of, corostream::duration every)
    : program_(&program)
    , consumer_(&of)
    , every_(every)
    , signals_(program.executor(), SIGUSR1)
    , timer_(program.executor())
{
    wait_for_signal();
    if (every_ > corostream::duration::zero()) wait_for_time();
}

void status_reporter::wait_for_signal()
{
    signals_.async_wait([this](boost::system::error_code cancelled, int) {
        if (cancelled) return;
        report();
        wait_for_signal();
    });
}

void status_reporter::wait_for_time()
{
    timer_.expires_after(every_);
    timer_.async_wait([this](boost::system::error_code cancelled) {
        if (cancelled) return;
        report();
        wait_for_time();
    });
}

void status_reporter::report()
{
    const auto now = corostream::clock::of(program_->executor()).now();
    const auto all = consumer_->status();
    for (const auto& p : all) program_->errors().say(status_line(p, now));
    if (all.empty()) program_->errors().say("no partition to read");
}

} // namespace phone_count
