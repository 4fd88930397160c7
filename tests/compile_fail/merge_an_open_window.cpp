// expect: corostream: merge\(a, b\): an input is not a stream
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::merge(cs::from_range(std::vector{1}) | cs::window(4s), cs::from_range(std::vector{2}));
