#pragma once

#include <phone_producer/delivery_report.hpp>
#include <support/live_text.hpp>
#include <support/program.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace phone_producer {

/// Shows deliveries to a person or a pipe: a line each on standard output, or a progress bar, or
/// both.
class console_report : public delivery_report {
public:
    /// With `total` there is a progress bar, which needs a terminal; without `lines`, only that.
    console_report(support::program& program, std::string topic, std::optional<std::uint64_t> total,
        bool lines);
    ~console_report() override;

    /// Rates count from now on.
    void begin() { start_ = clock::now(); }

    void delivered(const corostream::kafka::delivery& to, std::string_view phone) override;
    void failed(std::string_view phone, const corostream::kafka::error& why) override;

    /// "sent 15, delivered 15, failed 0, 2.1 a second", on standard error.
    void summary(std::uint64_t sent, std::uint64_t delivered);

private:
    using clock = std::chrono::steady_clock;

    void advance();

    support::program* program_;
    std::string topic_;
    std::optional<std::uint64_t> total_;
    bool lines_;
    support::live_text bar_;
    std::uint64_t done_ = 0;
    clock::time_point start_ = clock::now();
    clock::time_point drawn_{};
    std::string line_;
};

} // namespace phone_producer
