#include <phone_count/phone_of.hpp>
#include <phone_count/table_printer.hpp>
#include <support/escaped.hpp>
#include <support/time_text.hpp>

namespace phone_count {

void table_printer::begin_window(corostream::time_point begin, corostream::time_point end)
{
    out_->write(window_text(begin, end) + '\n');
}

void table_printer::row(std::string_view phone, std::int64_t count)
{
    const auto name = name_of(phone);
    std::string line = "(";
    support::append_value(line, name.value_or(""), !name);
    out_->write(line + ", " + std::to_string(count) + ")\n");
}

std::string window_text(corostream::time_point begin, corostream::time_point end)
{
    return '[' + support::iso_time(begin) + ", " + support::iso_time(end) + ')';
}

} // namespace phone_count
