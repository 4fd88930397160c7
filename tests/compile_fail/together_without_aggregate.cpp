// expect: corostream: together\(a, b\): each is to be an aggregate
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1, 2}) | cs::window(4s)
       | cs::together(cs::count(), cs::take(3));
