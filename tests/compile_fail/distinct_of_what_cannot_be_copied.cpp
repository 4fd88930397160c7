// expect: distinct\(projection\): what projection yields cannot be copied, and others read
#include <corostream/corostream.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector<std::unique_ptr<int>>()) | cs::window(4s)
       | cs::together(cs::count(), cs::distinct(std::identity()));
