#include <phone_count/phone_of.hpp>
#include <phone_count/results.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace phone_count {

void results::late(const corostream::kafka::message& m, corostream::time_point time)
{
    if (!shows_late_) return;
    late_record record{m.partition(), m.offset(), time, std::string(phone_of(m))};
    if (sorts_late_) late_.push_back(std::move(record));
    else printer_->late(record);
}

boost::asio::awaitable<void> results::finish()
{
    if (topic_) co_await topic_->deliver();
    std::ranges::sort(
        late_, {}, [](const late_record& r) { return std::tuple(r.partition, r.offset); });
    for (const auto& record : late_) printer_->late(record);
    late_.clear();
}

std::string late_count_text(std::uint64_t records)
{
    if (records == 0) return {};
    if (records == 1) return "1 record came too late for its windows, and is not counted";
    return std::to_string(records)
         + " records came too late for their windows, and are not counted";
}

std::string future_count_text(std::uint64_t records)
{
    if (records == 0) return {};
    if (records == 1) return "1 record was too far ahead of the clock, and is not counted";
    return std::to_string(records)
         + " records were too far ahead of the clock, and are not counted";
}

} // namespace phone_count
