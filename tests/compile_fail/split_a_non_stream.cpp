// expect: corostream: split\(stream, predicate\): the first one is not a stream
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;

auto s = cs::split(std::vector{1}, [](int v) { return v > 0; });
