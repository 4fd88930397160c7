#pragma once

#include <phone_count/window_printer.hpp>
#include <support/output.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace phone_count {

/// An object a window, on one line:
/// {"begin":"2026-11-22T12:10:04Z","begin_ms":1795349404000,"end":...,
/// "end_ms":...,"counts":[{"phone":"Huwai P30","count":1}]}. One that has been
/// shown before has "update":true behind its times, one that is taken back "retracted":true. A late
/// record is an object on a line as well:
/// {"late":true,"partition":0,"offset":5,"time_ms":1795349404000,"phone":"Huwai P30"}. Valid JSON
/// whatever the names: see `support::add_bytes`.
class json_printer : public window_printer {
public:
    explicit json_printer(support::output& out)
        : out_(&out)
    {
    }

    void begin_window(corostream::time_point begin, corostream::time_point end,
        corostream::emission what) override;
    void row(std::string_view phone, std::int64_t count) override;
    void end_window() override;
    void late(const late_record& record) override;

private:
    support::output* out_;
    boost::json::object window_;
    boost::json::array counts_;
};

} // namespace phone_count
