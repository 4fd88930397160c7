// expect: corostream: reduce_by_key\(f\): f does not make one value of two
#include <corostream/corostream.hpp>

#include <functional>
#include <utility>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{std::pair(1, 2)}) | cs::window(4s)
       | cs::reduce_by_key([](int v) { return v; });
