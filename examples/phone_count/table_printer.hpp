#pragma once

#include <phone_count/window_printer.hpp>
#include <support/output.hpp>

#include <string>

namespace phone_count {

/// A line with the window's times, "[2026-11-22T12:10:04Z, 2026-11-22T12:10:08Z)", then one for
/// each phone,
/// "(Huwai P30, 1)", the name escaped.
class table_printer : public window_printer {
public:
    explicit table_printer(support::output& out)
        : out_(&out)
    {
    }

    void begin_window(corostream::time_point begin, corostream::time_point end,
        corostream::emission what) override;
    void row(std::string_view phone, std::int64_t count) override;
    void end_window() override { out_->flush(); }
    void late(const late_record& record) override;

private:
    support::output* out_;
};

/// "[2026-11-22T12:10:04Z, 2026-11-22T12:10:08Z)", with " (again)" if it has been shown before,
/// " (taken back)" if it is none any more.
std::string window_text(
    corostream::time_point begin, corostream::time_point end, corostream::emission what);

/// "late (Huwai P30, 2026-11-22T12:10:04Z)".
std::string late_text(const late_record& record);

} // namespace phone_count
