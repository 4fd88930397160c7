// expect: corostream: aggregate\(init, add, merge, result\): a window merges what partitions
#include <corostream/corostream.hpp>

#include <functional>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1, 2}) | cs::window(4s)
       | cs::aggregate(0, [](int& sum, int v) { sum += v; }, std::plus());
