#include <phone_count/phone_of.hpp>
#include <phone_count/table_printer.hpp>
#include <support/escaped.hpp>
#include <support/time_text.hpp>

namespace phone_count {

void table_printer::begin_window(
    corostream::time_point begin, corostream::time_point end, corostream::emission what)
{
    out_->write(window_text(begin, end, what) + '\n');
}

void table_printer::row(std::string_view phone, std::int64_t count)
{
    const auto name = name_of(phone);
    std::string line = "(";
    support::append_value(line, name.value_or(""), !name);
    out_->write(line + ", " + std::to_string(count) + ")\n");
}

void table_printer::late(const late_record& record) { out_->write(late_text(record) + '\n'); }

std::string window_text(
    corostream::time_point begin, corostream::time_point end, corostream::emission what)
{
    auto text = '[' + support::iso_time(begin) + ", " + support::iso_time(end) + ')';
    if (what == corostream::emission::update) text += " (again)";
    if (what == corostream::emission::early) text += " (early)";
    if (what == corostream::emission::retracted) text += " (taken back)";
    return text;
}

std::string late_text(const late_record& record)
{
    const auto name = name_of(record.phone);
    std::string text = "late (";
    support::append_value(text, name.value_or(""), !name);
    return text + ", " + support::iso_time(record.time) + ')';
}

} // namespace phone_count
