// expect: corostream: .*what projection yields cannot be copied
#include <corostream/corostream.hpp>

#include <memory>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector<std::unique_ptr<int>>()) | cs::window(4s)
       | cs::together(cs::count(), cs::last());
