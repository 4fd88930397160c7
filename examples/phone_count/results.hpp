#pragma once

#include <corostream/kafka/message.hpp>
#include <corostream/time/time_counts.hpp>
#include <phone_count/late_record.hpp>
#include <phone_count/options.hpp>
#include <phone_count/row_topic.hpp>
#include <phone_count/window_printer.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace phone_count {

/// Where the counts go: to a printer, with --to to a topic as well; and what is not counted.
class results {
public:
    /// Both outlive it; `topic` may be null.
    results(const options& o, window_printer& printer, row_topic* topic)
        : printer_(&printer)
        , topic_(topic)
        , in_flight_(o.group.empty() ? 10'000 : 0)
        , shows_late_(o.window.late == late_kind::show)
        , sorts_late_(o.until_end)
    {
    }

    /// Completes when the window, which must live until then, has been sent and shown; in a group
    /// delivered, too, as it may be committed then. Throws what keeps it from that.
    template <class Window>
    boost::asio::awaitable<void> show(const Window& window)
    {
        if (topic_) {
            const bool is_gone = window.emission() == corostream::emission::retracted;
            topic_->begin_window(window.begin_time());
            for (const auto& [phone, count] : window) topic_->row(phone, is_gone ? 0 : count);
            co_await topic_->deliver(in_flight_);
        }
        printer_->begin_window(window.begin_time(), window.end_time(), window.emission());
        for (const auto& [phone, count] : window) printer_->row(phone, count);
        printer_->end_window();
    }

    /// Told of each record that is too late for all its windows.
    void late(const corostream::kafka::message& m, corostream::time_point time);

    /// Where those are counted, and what is too far ahead of the clock.
    corostream::time_counts& counts() { return counts_; }

    /// There is nothing more to count: completes when all has been delivered, and shows what had to
    /// wait for that.
    boost::asio::awaitable<void> finish();

private:
    window_printer* printer_;
    row_topic* topic_;
    std::size_t in_flight_; ///< rows that may be; none where what has been shown is committed
    bool shows_late_;
    bool sorts_late_;
    std::vector<late_record> late_; ///< of a bounded read: partitions come in any turn
    corostream::time_counts counts_;
};

/// How many were late, as a sentence; empty if none was.
std::string late_count_text(std::uint64_t records);

/// The same of those that were too far ahead of the clock.
std::string future_count_text(std::uint64_t records);

} // namespace phone_count
