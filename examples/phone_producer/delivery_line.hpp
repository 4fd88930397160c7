#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace phone_producer {

/// Appends "Test [0] at offset 5: Huwai P30", the name escaped.
void append_delivery(std::string& to, std::string_view topic, std::int32_t partition,
    std::int64_t offset, std::string_view phone);

} // namespace phone_producer
