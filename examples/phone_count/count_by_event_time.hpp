#pragma once

#include <corostream/kafka/consumer.hpp>
#include <corostream/operators/count_by.hpp>
#include <corostream/operators/take.hpp>
#include <corostream/time/event_time.hpp>
#include <phone_count/options.hpp>
#include <phone_count/phone_of.hpp>
#include <phone_count/results.hpp>

#include <boost/asio/awaitable.hpp>

namespace phone_count {

/// The job by event time; `windows` is what `corostream::window(...)` made.
template <class Windows>
boost::asio::awaitable<void> count_in_event_time(
    corostream::kafka::consumer& phones, Windows windows, const options& o, results& out)
{
    const auto late = [&out](const corostream::kafka::message& m, const corostream::element& e) {
        out.late(m, e.time);
    };
    const auto event_time = corostream::event_time(o.window.bound)
                                .idle_after(o.window.idle)
                                .max_future(o.window.max_future)
                                .count(out.counts());
    auto counts = phones.messages()
                | event_time
                | windows.late_to(late).count(out.counts())
                | corostream::count_by(phone_of)
                | corostream::take(o.windows);

    while (auto window = co_await counts.next()) co_await out.show(*window);
}

} // namespace phone_count
