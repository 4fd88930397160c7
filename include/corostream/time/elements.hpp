#pragma once

#include <corostream/time/detail/count_state.hpp>
#include <corostream/time/detail/state_for.hpp>
#include <corostream/time/global.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace corostream {

/// Windows of so many elements, whenever they happened: the first `size` of a key, and then, `hop`
/// elements further on, the next `size`. They are counted by partition and, of a keyed aggregate,
/// by key, in the order of the log, so that the result does not depend on how partitions are read
/// in turn.
///
/// A window begins with the lowest time in it, and ends right after the highest, or where that is
/// later after the watermark that its partition had come to by its last element, or with the window
/// of its key before; it is emitted when time has come there. Windows that end at once come in the
/// order of the log. Nothing is late. At the end of the input what has not filled a window comes as
/// it is.
///
/// A consumer commits with its offset up to where each key's elements are in windows that are out,
/// so that a restart goes on in the same windows. That is for about 1'000 keys a partition that
/// have had such a window since the committed offset; with more of them windows may begin elsewhere
/// after a restart. Each element is in a window all the same. Where `hop` is less than `size`, sums
/// of floating point may come to other last digits after a restart: what is added to what first
/// depends on where it begins.
///
/// Holds a key as long as it has elements for a window to come, or a restart has to know where it
/// was cut. In a bounded read, a partition that has ended keeps back the windows of the others that
/// end after its watermark until all have ended: which one was first then changes nothing.
class elements {
public:
    /// Throws `std::invalid_argument` unless `size` is positive.
    explicit elements(std::int64_t size)
        : elements(size, size)
    {
    }
    /// Throws `std::invalid_argument` unless `size` and `hop` are positive, and `hop` is no more
    /// than `size`.
    elements(std::int64_t size, std::int64_t hop)
        : size_(size)
        , hop_(hop)
    {
        if (size <= 0 || hop <= 0 || hop > size)
            throw std::invalid_argument("window: " + std::to_string(size) + " elements every "
                                        + std::to_string(hop)
                                        + ": both must be positive, and the second no more");
    }

    std::int64_t size() const { return size_; } ///< elements of each window
    std::int64_t hop() const { return hop_; } ///< elements from one begin to the next

private:
    std::int64_t size_, hop_;
};

namespace detail {

template <>
struct state_for<elements> {
    template <class Aggregate, bool>
    using type = count_state<elements, Aggregate>;
};
template <>
struct state_for<global<every_count>> {
    template <class Aggregate, bool>
    using type = count_state<global<every_count>, Aggregate>;
};

} // namespace detail

} // namespace corostream
