// expect: window\(\.\.\.\)\.early\(d\): .*there is nothing to tell early
#include <corostream/corostream.hpp>

namespace cs = corostream;
using namespace std::chrono_literals;

auto windows = cs::window(cs::elements(4)).early(1s);
