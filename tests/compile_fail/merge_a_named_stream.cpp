// expect: corostream: a stream is single-use; std::move it into merge
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;

auto a = cs::from_range(std::vector{1});
auto s = cs::merge(a, cs::from_range(std::vector{2}));
