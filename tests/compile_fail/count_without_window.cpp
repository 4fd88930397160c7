// expect: corostream: an aggregate needs a window before it
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1}) | cs::count();
