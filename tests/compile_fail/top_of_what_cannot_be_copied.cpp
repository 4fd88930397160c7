// expect: corostream: top\(n, projection\): the element cannot be copied, and others read it too
#include <corostream/corostream.hpp>

#include <memory>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector<std::unique_ptr<int>>()) | cs::window(4s)
       | cs::together(cs::count(), cs::top(3, [](const auto& v) { return *v; }));
