// expect: corostream: fold\(init, f\): f does not make a result
#include <corostream/corostream.hpp>

#include <string>
#include <vector>

namespace cs = corostream;

auto job = cs::from_range(std::vector{1, 2}) | cs::fold(0, [](int, std::string) { return 0; });
