// expect: window\(\.\.\.\)\.late_to\(f\): f is not callable with what reaches the aggregate
#include <corostream/corostream.hpp>

#include <string>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto counts = cs::from_range(std::vector{1, 2}) | cs::event_time(1s)
            | cs::window(4s).late_to([](const std::string&) {}) | cs::count();
