// expect: corostream: an aggregate needs a window before it
#include <corostream/corostream.hpp>

#include <functional>
#include <utility>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{std::pair(1, 2)}) | cs::reduce_by_key(std::plus());
