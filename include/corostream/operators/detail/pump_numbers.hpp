#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace corostream::detail {

/// For each cursor in flight of a source that is made of several, the numbers of theirs. They are
/// added by rising number. Its memory is used again.
template <std::size_t Count>
class pump_numbers {
public:
    using numbers = std::array<std::uint64_t, Count>;

    void add(std::uint64_t pump, const numbers& theirs) { entries_.push_back({pump, theirs}); }

    /// Those of the last cursor up to `pump`; forgets what comes before it.
    const numbers& up_to(std::uint64_t pump)
    {
        for (; first_ < entries_.size() && entries_[first_].pump <= pump; ++first_)
            last_ = entries_[first_].theirs;
        if (2 * first_ >= entries_.size()) {
            const auto begin = entries_.begin();
            entries_.erase(begin, begin + static_cast<std::ptrdiff_t>(first_));
            first_ = 0;
        }
        return last_;
    }

private:
    struct entry {
        std::uint64_t pump;
        numbers theirs;
    };
    std::vector<entry> entries_;
    std::size_t first_ = 0;
    numbers last_{};
};

} // namespace corostream::detail
