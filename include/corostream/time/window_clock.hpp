#pragma once

#include <corostream/core/cursor.hpp>
#include <corostream/core/stream.hpp>
#include <corostream/time/detail/held.hpp>

#include <algorithm>
#include <type_traits>
#include <utility>

namespace corostream::detail {

/// The time that windows go by: arrival, and the clock.
template <class Up>
class window_clock {
public:
    void open(Up&, const batch& b) { arrival_ = b.arrival; }
    moment moment_of(const element& e) const { return {arrival_, arrival_, e.offset}; }
    /// When to look at windows that end at `end`.
    static time_point due(time_point end) { return end; }
    static time_point reached(Up&, time_point now) { return now; }
    static void wait_for(Up&, time_point) {}

private:
    time_point arrival_{};
};

/// The same by event time: the element's, and the watermarks.
template <class Up>
    requires has_event_time<Up>
class window_clock<Up> {
    using source = std::remove_reference_t<decltype(std::declval<Up&>().event_time())>;

public:
    void open(Up& up, const batch&) { events_ = &up.event_time(); }
    moment moment_of(const element& e) const { return {e.time, events_->at_hand(), e.offset}; }
    /// At once, if the sink wanted no more of what was due; else upstream decides.
    time_point due(time_point end) const { return end <= reached_ ? time_point::min() : never; }
    time_point reached(Up& up, time_point now)
    {
        events_ = &up.event_time(); // also when nothing has come this way
        return reached_ = events_->refresh(now);
    }
    /// The same, but no further than `at_most`.
    time_point hold_back(time_point at_most) { return reached_ = std::min(reached_, at_most); }
    static void wait_for(Up& up, time_point end) { up.event_time().want(end); }
    time_point watermark_of(partition_id p) const
    {
        return events_ ? events_->watermark_of(p) : time_point::min();
    }
    /// The same, but a partition that has ended goes along with the others.
    time_point passed(partition_id p) const
    {
        const auto watermark = watermark_of(p);
        return events_ && events_->has_ended(p) ? std::max(reached_, watermark) : watermark;
    }

private:
    source* events_ = nullptr;
    time_point reached_ = time_point::min();
};

/// The event time of results: they come in order of their end, all from one partition.
class result_clock {
public:
    time_point at_hand() const { return reached_; }
    time_point watermark_of(partition_id) const { return reached_; }
    static bool has_ended(partition_id) { return false; }
    time_point refresh(time_point) const { return reached_; }
    static void want(time_point) {}
    void advance(time_point to) { reached_ = std::max(reached_, to); }

private:
    time_point reached_ = time_point::min();
};

} // namespace corostream::detail
