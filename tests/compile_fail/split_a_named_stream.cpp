// expect: corostream: a stream is single-use; std::move it into split
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;

auto a = cs::from_range(std::vector{1});
auto s = cs::split(a, [](int v) { return v > 0; });
