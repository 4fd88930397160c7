// expect: window\(\.\.\.\)\.allowed\(d\): nothing is late for windows of elements
#include <corostream/corostream.hpp>

namespace cs = corostream;
using namespace std::chrono_literals;

auto windows = cs::window(cs::elements(4)).allowed(1s);
