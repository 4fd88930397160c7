#include <corostream/core/escape.hpp>
#include <support/usage_error.hpp>

namespace support {

usage_error::usage_error(std::string_view option, std::string_view value, std::string_view is_not)
    : std::runtime_error(std::string(option) + ": '" + corostream::escape(value) + "' is not "
                         + std::string(is_not))
{
}

} // namespace support
