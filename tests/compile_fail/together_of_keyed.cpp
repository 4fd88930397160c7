// expect: corostream: together\(a, b\): the aggregates have no keys of their own
#include <corostream/corostream.hpp>

#include <functional>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1, 2}) | cs::window(4s)
       | cs::together(cs::count(), cs::count_by(std::identity()));
