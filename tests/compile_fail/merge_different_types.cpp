// expect: corostream: merge\(a, b\): the inputs have different value types
#include <corostream/corostream.hpp>

#include <string>
#include <vector>

namespace cs = corostream;

auto s = cs::merge(cs::from_range(std::vector{1}), cs::from_range(std::vector<std::string>{"b"}));
