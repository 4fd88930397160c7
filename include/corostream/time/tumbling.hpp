#pragma once

#include <corostream/core/time.hpp>

#include <stdexcept>
#include <string>

namespace corostream {

/// Windows of one size that neither overlap nor leave gaps: `[begin, begin + size)`, begin a
/// multiple of `size` after the epoch, plus `offset`. The same on every machine and after every
/// restart.
class tumbling {
public:
    /// Throws `std::invalid_argument` unless `size` is positive, no more than 1000 years (so that
    /// the end of a window can be told), and `offset` less than it in magnitude.
    explicit tumbling(duration size, duration offset = {})
        : size_(size)
        , offset_(offset)
    {
        if (size <= duration::zero())
            throw std::invalid_argument(
                "window: the size " + std::to_string(size.count()) + " us is not positive");
        if (size > std::chrono::years(1000))
            throw std::invalid_argument(
                "window: the size " + std::to_string(size.count()) + " us is more than 1000 years");
        if (offset <= -size || offset >= size)
            throw std::invalid_argument("window: the offset " + std::to_string(offset.count())
                                        + " us is not smaller than the size "
                                        + std::to_string(size.count()) + " us");
    }

    duration size() const { return size_; }
    duration offset() const { return offset_; }

    /// Begin of the window that `time` falls into, also for times before the epoch.
    time_point begin_of(time_point time) const
    {
        const auto since = time.time_since_epoch() - offset_;
        auto into = since % size_;
        if (into < duration::zero()) into += size_;
        return time - into;
    }

private:
    duration size_, offset_;
};

} // namespace corostream
