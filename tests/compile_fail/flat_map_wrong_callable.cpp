// expect: corostream: flat_map\(f\): f is not callable
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1, 2})
       | cs::flat_map([](const char*) { return std::vector<int>(); });
