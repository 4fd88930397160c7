#pragma once

#include <corostream/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <random>

/// What a property test picks its cases with: the same for the same seed.
class random_source {
public:
    explicit random_source(unsigned seed)
        : engine_(seed)
    {
    }
    /// Both included.
    std::int64_t pick(std::int64_t low, std::int64_t high)
    {
        return std::uniform_int_distribution(low, high)(engine_);
    }
    corostream::duration pick_time(std::int64_t low, std::int64_t high)
    {
        return corostream::duration(pick(low, high));
    }
    /// Below `size`.
    std::size_t index(std::size_t size)
    {
        return static_cast<std::size_t>(pick(0, static_cast<std::int64_t>(size) - 1));
    }
    bool one_in(std::int64_t n) { return pick(1, n) == 1; }

private:
    std::mt19937 engine_;
};
