// expect: corostream: flat_map\(f\): f returns neither a range nor a std::optional
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1, 2}) | cs::flat_map([](int v) { return v; });
