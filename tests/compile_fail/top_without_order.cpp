// expect: corostream: top\(n, projection\): what projection yields has no <
#include <corostream/corostream.hpp>

#include <memory>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1, 2}) | cs::window(4s)
       | cs::top(3, [](int) { return std::allocator<int>(); });
