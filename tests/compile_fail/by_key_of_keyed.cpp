// expect: corostream: by_key\(key, aggregate\): the aggregate has keys of its own
#include <corostream/corostream.hpp>

#include <functional>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1, 2}) | cs::window(4s)
       | cs::by_key(std::identity(), cs::count_by(std::identity()));
