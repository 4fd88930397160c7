// expect: corostream: reduce\(f\): f does not make one value of two
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1, 2}) | cs::window(4s)
       | cs::reduce([](int v) { return v; });
