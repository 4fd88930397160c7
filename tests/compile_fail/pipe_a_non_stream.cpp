// expect: corostream: the left operand of \| is not a stream
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = std::vector{1, 2} | cs::map([](int v) { return v; });
