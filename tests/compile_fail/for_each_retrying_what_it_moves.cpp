// expect: corostream: for_each\(f, retry\): f is not callable with a const reference
#include <corostream/corostream.hpp>

#include <string>
#include <vector>

namespace cs = corostream;

auto j = cs::from_range(std::vector<std::string>{"a"})
       | cs::for_each([](std::string&&) {}, cs::retry());
