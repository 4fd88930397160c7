// expect: corostream: for_each\(f\): f is not callable
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto j = cs::from_range(std::vector{1, 2}) | cs::for_each([](const char*) {});
