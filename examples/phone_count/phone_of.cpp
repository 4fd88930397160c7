#include <phone_count/phone_of.hpp>

#include <random>
#include <string>

namespace phone_count {

std::string_view phone_of(const corostream::kafka::message& m)
{
    return m.has_value() ? m.value() : tombstone();
}

std::optional<std::string_view> name_of(std::string_view phone)
{
    return phone == tombstone() ? std::nullopt : std::optional(phone);
}

std::string_view tombstone()
{
    static const std::string mark = [] {
        std::random_device random;
        std::string bytes;
        while (bytes.size() < 16) bytes += static_cast<char>(random());
        return bytes;
    }();
    return mark;
}

} // namespace phone_count
