#include <phone_producer/rate_text.hpp>

#include <array>
#include <cstdio>

namespace phone_producer {

std::string rate_text(double a_second)
{
    std::array<char, 64> text{};
    std::snprintf(
        text.data(), text.size(), a_second < 100 ? "%.1f a second" : "%.0f a second", a_second);
    return text.data();
}

} // namespace phone_producer
