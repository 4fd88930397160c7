// expect: corostream: observe\(hooks\): hooks has none of the hooks
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

struct nothing {};
auto s = cs::from_range(std::vector{1, 2}) | cs::observe(nothing());
