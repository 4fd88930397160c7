// expect: corostream: generate\(f\): f is not callable without arguments
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::generate([](int v) { return v; });
