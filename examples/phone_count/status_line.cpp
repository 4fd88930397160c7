#include <phone_count/status_line.hpp>
#include <support/duration.hpp>
#include <support/time_text.hpp>

#include <chrono>

namespace phone_count {

namespace {

std::string offset_text(std::int64_t offset) { return offset < 0 ? "-" : std::to_string(offset); }

} // namespace

std::string status_line(
    const corostream::kafka::partition_status& status, corostream::time_point now)
{
    std::string line = status.topic + " [" + std::to_string(status.partition) + "]: position "
                     + offset_text(status.position) + ", counted to " + offset_text(status.cursor)
                     + ", committed " + offset_text(status.committed) + ", log end "
                     + offset_text(status.log_end) + ", " + std::to_string(status.lag())
                     + " to read, " + std::to_string(status.held()) + " held";
    if (status.held_since) {
        const auto since = now - *status.held_since;
        line += " for " + support::duration_text(since - since % std::chrono::milliseconds(100));
    }
    if (status.oldest_window)
        line += ", oldest window from " + support::iso_time(*status.oldest_window);
    return line;
}

std::int64_t held_records(const std::vector<corostream::kafka::partition_status>& all)
{
    std::int64_t sum = 0;
    for (const auto& p : all) sum += p.held();
    return sum;
}

std::string held_text(std::int64_t records)
{
    if (records == 0) return {};
    return std::to_string(records) + (records == 1 ? " record" : " records")
         + " in an open window will be counted again";
}

} // namespace phone_count
