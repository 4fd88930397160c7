// expect: corostream: map\(f\): f returns nothing; for a side effect use tap
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1, 2}) | cs::map([](int) {});
