// expect: window\(\.\.\.\)\.allowed\(d\): windows that slide
#include <corostream/corostream.hpp>

namespace cs = corostream;
using namespace std::chrono_literals;

auto windows = cs::window(cs::sliding(4s)).allowed(1s);
