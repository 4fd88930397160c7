// expect: window\(\.\.\.\)\.late_to\(f\): nothing is late by arrival
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto counts = cs::from_range(std::vector{1, 2}) | cs::window(4s).late_to([](int) {}) | cs::count();
