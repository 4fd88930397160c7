#pragma once

#include <string>

namespace phone_producer {

/// "2.1 a second"; without decimals from a hundred on.
std::string rate_text(double a_second);

} // namespace phone_producer
