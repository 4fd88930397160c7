// expect: corostream: aggregate\(init, add, merge, result\): result is not callable
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto add = [](int& sum, int v) { sum += v; };
auto s = cs::from_range(std::vector{1, 2}) | cs::window(4s)
       | cs::aggregate(0, add, add, [](const char*) { return 1; });
