// expect: corostream: by_key\(key, aggregate\): key is not callable
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1, 2}) | cs::window(4s)
       | cs::by_key([](const char*) { return 1; }, cs::count());
