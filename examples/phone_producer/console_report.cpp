#include <phone_producer/console_report.hpp>
#include <phone_producer/delivery_line.hpp>
#include <phone_producer/progress.hpp>
#include <phone_producer/rate_text.hpp>
#include <support/escaped.hpp>
#include <support/terminal.hpp>

#include <utility>

namespace phone_producer {

console_report::console_report(
    support::program& program, std::string topic, std::optional<std::uint64_t> total, bool lines)
    : program_(&program)
    , topic_(std::move(topic))
    , total_(total)
    , lines_(lines)
    , bar_(program.out())
{
    if (total_) program.errors().show_above(&bar_);
}

console_report::~console_report() { program_->errors().show_above(nullptr); }

void console_report::delivered(const corostream::kafka::delivery& to, std::string_view phone)
{
    if (lines_) {
        line_.clear(); // its memory stays
        append_delivery(line_, to.topic, to.partition, to.offset, phone);
        if (total_) bar_.print_above(line_);
        else program_->out().write(line_ += '\n');
    }
    advance();
}

void console_report::failed(std::string_view phone, const corostream::kafka::error& why)
{
    program_->errors().say(std::string(why.what()) + ": " + support::brief(phone));
    advance();
}

void console_report::advance()
{
    ++done_;
    if (!total_) return;
    const auto now = clock::now();
    if (now - drawn_ < std::chrono::milliseconds(100) && done_ != *total_) return;
    drawn_ = now;
    const auto columns = support::size_of_terminal(program_->out().file()).columns;
    bar_.draw(progress_line({done_, *total_, now - start_}, columns - 1) + '\n');
}

void console_report::summary(std::uint64_t sent, std::uint64_t delivered)
{
    const std::chrono::duration<double> elapsed = clock::now() - start_;
    program_->errors().show_above(nullptr);
    program_->errors().say("sent " + std::to_string(sent) + ", delivered "
                           + std::to_string(delivered) + ", failed "
                           + std::to_string(sent - delivered) + ", "
                           + rate_text(static_cast<double>(delivered) / elapsed.count()));
}

} // namespace phone_producer
