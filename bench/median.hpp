#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

/// The value in the middle; of an even number of them, the upper of the two.
inline double median(std::vector<double> all)
{
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
    std::nth_element(all.begin(), middle, all.end());
    return *middle;
}
