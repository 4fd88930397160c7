// expect: corostream: a stream is single-use; std::move it
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1, 2});
auto t = s | cs::map([](int v) { return v; });
