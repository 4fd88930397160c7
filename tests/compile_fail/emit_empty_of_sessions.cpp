// expect: window\(\.\.\.\)\.emit_empty\(\): only tumbling, hopping and cumulative windows
#include <corostream/corostream.hpp>

namespace cs = corostream;
using namespace std::chrono_literals;

auto windows = cs::window(cs::session(4s)).emit_empty();
