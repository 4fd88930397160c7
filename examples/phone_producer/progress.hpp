#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace phone_producer {

/// How far a known number of records has come.
struct progress {
    std::uint64_t done;
    std::uint64_t total; ///< not 0
    std::chrono::duration<double> elapsed;
};

/// "[########        ]  50 %  500 of 1000  83.3 a second  6 s left", no wider than `columns`: first
/// the bar goes, then what is on the right.
std::string progress_line(const progress& p, std::size_t columns);

} // namespace phone_producer
