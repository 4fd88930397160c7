#include <phone_count/bars_printer.hpp>
#include <phone_count/phone_of.hpp>
#include <phone_count/table_printer.hpp>
#include <support/escaped.hpp>
#include <support/terminal.hpp>
#include <support/text_width.hpp>

#include <algorithm>
#include <utility>

namespace phone_count {

bars_printer::bars_printer(support::program& program)
    : program_(&program)
    , live_(program.out())
    , in_place_(support::is_terminal(program.out().file()))
{
    if (in_place_) program.errors().show_above(&live_);
}

bars_printer::~bars_printer() { program_->errors().show_above(nullptr); }

void bars_printer::begin_window(
    corostream::time_point begin, corostream::time_point end, corostream::emission what)
{
    title_ = window_text(begin, end, what);
    bars_.clear();
}

void bars_printer::row(std::string_view phone, std::int64_t count)
{
    const auto name = name_of(phone);
    bars_.push_back({{}, count});
    support::append_value(bars_.back().name, name.value_or(""), !name);
}

void bars_printer::end_window()
{
    auto size = support::size_of_terminal(program_->out().file());
    size.columns = std::max<std::size_t>(size.columns, 2) - 1; // the last column may wrap
    size.rows = std::max<std::size_t>(size.rows, 4) - 2; // the title, and the line of the cursor
    auto lines = support::fit(title_, std::min(support::text_width(title_), size.columns)) + '\n'
               + bar_chart(std::move(bars_), size);
    if (in_place_) live_.draw(std::move(lines));
    else program_->out().write(lines);
    program_->out().flush();
}

void bars_printer::late(const late_record& record)
{
    if (in_place_) live_.print_above(late_text(record));
    else program_->out().write(late_text(record) + '\n');
}

} // namespace phone_count
