#pragma once

#include <corostream/core/time.hpp>

#include <chrono>
#include <cstdint>
#include <random>

namespace phone_producer {

/// The times that records are stamped with, in whole milliseconds as Kafka keeps them. The same
/// seed makes the same times anywhere.
class event_times {
public:
    /// Each record's time is when it is sent, made earlier by up to `disorder`.
    event_times(std::chrono::milliseconds disorder, std::uint64_t seed);

    /// So many records a second, the first at `start`, each made earlier by up to `disorder`,
    /// however fast they are sent. `rate` is positive.
    event_times(corostream::time_point start, double rate, std::chrono::milliseconds disorder,
        std::uint64_t seed);

    /// The time of record number `i`, from 0, that is sent `now`. Each call draws a random number,
    /// so ask once for each record, in order. A rate's times stay at `last` when they get there.
    corostream::time_point stamp(std::uint64_t i, corostream::time_point now);

    /// The last millisecond of the year 9999.
    static constexpr std::chrono::sys_time<std::chrono::milliseconds> last
        = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1) - std::chrono::milliseconds(1);

private:
    std::chrono::sys_time<std::chrono::milliseconds> start_{};
    double rate_ = 0; // a second; 0 for the time of sending
    std::uint64_t shifts_; // from none to disorder
    std::mt19937_64 random_;
};

} // namespace phone_producer
