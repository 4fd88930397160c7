// expect: corostream: split\(stream, predicate\): predicate is not callable
#include <corostream/corostream.hpp>

#include <string>
#include <vector>

namespace cs = corostream;

auto s = cs::split(cs::from_range(std::vector{1}), [](const std::string& v) { return v.empty(); });
