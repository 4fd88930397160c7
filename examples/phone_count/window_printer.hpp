#pragma once

#include <corostream/core/clock.hpp>
#include <corostream/time/window_result.hpp>
#include <phone_count/late_record.hpp>

#include <cstdint>
#include <string_view>

namespace phone_count {

/// Shows windows: `begin_window`, a `row` for each phone, `end_window`; between windows, what came
/// late.
class window_printer {
public:
    window_printer() = default;
    window_printer(const window_printer&) = delete;
    window_printer& operator=(const window_printer&) = delete;
    virtual ~window_printer() = default;

    /// `what` tells a window that has been shown before, and one that is none any more.
    virtual void begin_window(
        corostream::time_point begin, corostream::time_point end, corostream::emission what)
        = 0;
    /// `phone` is what `phone_of` returned.
    virtual void row(std::string_view phone, std::int64_t count) = 0;
    /// Throws if the window could not be written, as `output::flush` does: then it doesn't count as
    /// shown.
    virtual void end_window() = 0;

    /// Shows a record that counts in no window.
    virtual void late(const late_record& record) = 0;
};

} // namespace phone_count
