// expect: corostream: close the window with an aggregate
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

cs::asio::awaitable<void> read()
{
    auto s = cs::from_range(std::vector{1}) | cs::window(4s);
    co_await s.next();
}
