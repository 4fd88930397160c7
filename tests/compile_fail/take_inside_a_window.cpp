// expect: corostream: after window\(...\) only element-wise operators may follow
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1}) | cs::window(4s) | cs::take(3);
