// expect: corostream: filter\(p\): p is not a predicate
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1, 2}) | cs::filter([](const char*) { return true; });
