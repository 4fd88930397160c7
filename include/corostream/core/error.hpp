#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/core/escape.hpp>

#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

namespace corostream {

std::string what_of(const std::exception_ptr& error);

/// User code threw while one element was on its way through the pipeline. Names the source, the
/// partition and the offset; the exception itself is nested: `rethrow_nested()` throws it again.
class element_error : public std::runtime_error, public std::nested_exception {
public:
    /// Made inside a handler: nests the exception being handled. `source` is the topic, or the kind
    /// of a source.
    element_error(std::string_view source, partition_id partition, std::int64_t offset)
        : std::runtime_error(escape(source) + " [" + std::to_string(partition) + "] at offset "
                             + std::to_string(offset) + ": " + what_of(std::current_exception()))
        , partition_(partition)
        , offset_(offset)
    {
    }

    /// The partition of the source, as the source itself numbers it.
    partition_id partition() const noexcept { return partition_; }
    /// The offset of the element at hand. It and all after it are not acknowledged.
    std::int64_t offset() const noexcept { return offset_; }

private:
    partition_id partition_;
    std::int64_t offset_;
};

/// The text of any exception, safe to print.
inline std::string what_of(const std::exception_ptr& error)
{
    try {
        std::rethrow_exception(error);
    } catch (const element_error& e) {
        return e.what(); // is safe as it is
    } catch (const std::exception& e) {
        return escape(e.what());
    } catch (...) {
        return "an exception that is not a std::exception";
    }
}

} // namespace corostream
