// expect: corostream: reduce_by_key\(f\): the stream's value_type is not a pair
#include <corostream/corostream.hpp>

#include <functional>
#include <utility>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1, 2}) | cs::window(4s) | cs::reduce_by_key(std::plus());
