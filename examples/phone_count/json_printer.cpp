#include <phone_count/json_printer.hpp>
#include <phone_count/phone_of.hpp>
#include <support/json_text.hpp>
#include <support/time_text.hpp>

#include <utility>

namespace phone_count {

void json_printer::begin_window(
    corostream::time_point begin, corostream::time_point end, corostream::emission what)
{
    window_.clear();
    counts_.clear();
    window_["begin"] = support::iso_time(begin);
    window_["begin_ms"] = support::epoch_ms(begin);
    window_["end"] = support::iso_time(end);
    window_["end_ms"] = support::epoch_ms(end);
    if (what == corostream::emission::update) window_["update"] = true;
    if (what == corostream::emission::early) window_["early"] = true;
    if (what == corostream::emission::retracted) window_["retracted"] = true;
}

void json_printer::row(std::string_view phone, std::int64_t count)
{
    boost::json::object row;
    support::add_bytes(row, "phone", name_of(phone));
    row["count"] = count;
    counts_.push_back(std::move(row));
}

void json_printer::end_window()
{
    window_["counts"] = std::move(counts_);
    out_->write(support::json_line(window_));
    out_->flush();
}

void json_printer::late(const late_record& record)
{
    boost::json::object line;
    line["late"] = true;
    line["partition"] = record.partition;
    line["offset"] = record.offset;
    line["time_ms"] = support::epoch_ms(record.time);
    support::add_bytes(line, "phone", name_of(record.phone));
    out_->write(support::json_line(line));
}

} // namespace phone_count
