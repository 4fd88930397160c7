// expect: corostream: mean\(projection\): projection does not make a number
#include <corostream/corostream.hpp>

#include <string>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{std::string("a")}) | cs::window(4s)
       | cs::mean();
