// expect: corostream: for_each\(f\): f must not be a coroutine; await in a loop over next
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto j = cs::from_range(std::vector{1, 2})
       | cs::for_each([](int) -> cs::asio::awaitable<void> { co_return; });
