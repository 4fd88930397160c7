// expect: window\(\.\.\.\)\.offset\(d\): only tumbling, hopping and cumulative windows
#include <corostream/corostream.hpp>

namespace cs = corostream;
using namespace std::chrono_literals;

auto windows = cs::window(cs::session(4s)).offset(1s);
