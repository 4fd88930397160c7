#pragma once

#include <phone_count/bar_chart.hpp>
#include <phone_count/window_printer.hpp>
#include <support/live_text.hpp>
#include <support/program.hpp>

#include <string>
#include <vector>

namespace phone_count {

/// Horizontal bars, the largest count first. On a terminal each window takes the place of the one
/// before, and late records scroll by above.
class bars_printer : public window_printer {
public:
    explicit bars_printer(support::program& program);
    ~bars_printer() override;

    void begin_window(corostream::time_point begin, corostream::time_point end,
        corostream::emission what) override;
    void row(std::string_view phone, std::int64_t count) override;
    void end_window() override;
    void late(const late_record& record) override;

private:
    support::program* program_;
    support::live_text live_;
    bool in_place_;
    std::string title_;
    std::vector<bar> bars_;
};

} // namespace phone_count
