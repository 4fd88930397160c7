#pragma once

#include <corostream/kafka/detail/handle.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace corostream::kafka::detail {

using headers_handle = std::unique_ptr<rd_kafka_headers_t, destroy_with<&rd_kafka_headers_destroy>>;

/// A record as its own bytes, to be sent again.
struct kept_record {
    rd_kafka_topic_t* topic = nullptr; // the producer's, which outlives it
    std::int32_t partition = -1;
    std::optional<std::string> key, value;
    std::int64_t time = 0;
    headers_handle headers;
    void* opaque = nullptr;
};

/// librdkafka sends records in batches, and a broker to which a batch is too large refuses all of
/// it, the small records with the large one. So what was refused for its size is sent again, a
/// group at a time with nothing else in flight: a group that goes through makes the next one
/// larger, one that is refused makes it smaller. Only a record that is refused alone has failed.
/// Says what to do; sends nothing itself.
class size_retry {
public:
    /// True while records are to be sent again, and so no others may be.
    bool active() const { return out_ > 0 || !again_.empty() || !waiting_.empty(); }

    /// How many records wait here to be sent again.
    std::size_t kept() const { return again_.size() + waiting_.size(); }

    /// A record was refused for its size. False if it had been sent alone: it has failed.
    bool refused(kept_record&& r)
    {
        if (out_ > 0) {
            --out_;
            if (group_ == 1) return false;
            refused_ = true;
        }
        again_.push_back(std::move(r));
        return true;
    }

    /// A record was reported otherwise: delivered, or failed for another reason.
    void settled()
    {
        if (out_ > 0) --out_;
    }

    /// The records to send now, once nothing else is in flight: `send(record)` for each, which says
    /// whether it was taken.
    template <class Send>
    void send_group(Send send)
    {
        if (out_ > 0 || (again_.empty() && waiting_.empty())) return;
        // they were before the others
        std::move(again_.rbegin(), again_.rend(), std::front_inserter(waiting_));
        again_.clear();
        group_ = refused_ ? std::max<std::size_t>(group_ / 4, 1) : group_ * 2;
        refused_ = false;
        for (auto left = std::min(group_, waiting_.size()); left > 0; --left) {
            if (!send(waiting_.front())) break;
            waiting_.pop_front();
            ++out_;
        }
        group_ = std::max<std::size_t>(out_, 1);
    }

    /// Takes out what has not been sent again, because it never will be: `fail(record)` for each.
    template <class Fail>
    void give_up(Fail fail)
    {
        for (auto* list : {&again_, &waiting_}) {
            for (auto& r : *list) fail(r);
            list->clear();
        }
        out_ = 0;
    }

private:
    std::deque<kept_record> waiting_; // in order
    std::deque<kept_record> again_;   // refused since the last group went out
    std::size_t group_ = 16;          // how many the last group had
    std::size_t out_ = 0;             // of which so many have no report yet
    bool refused_ = false;            // and some were refused
};

} // namespace corostream::kafka::detail
