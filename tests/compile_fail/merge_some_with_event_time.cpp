// expect: corostream: merge\(a, b\): some inputs have event time and some have not
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::merge(
    cs::from_range(std::vector{1}) | cs::event_time(1s), cs::from_range(std::vector{2}));
