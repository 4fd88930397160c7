// expect: corostream: by_key\(key, aggregate\): the second is not an aggregate
#include <corostream/corostream.hpp>

#include <functional>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1, 2}) | cs::window(4s)
       | cs::by_key(std::identity(), cs::take(3));
