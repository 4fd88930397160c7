// expect: corostream: name the pipeline before you await it
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto numbers() { return cs::from_range(std::vector{1}); }
cs::asio::awaitable<void> read()
{
    co_await (numbers() | cs::map([](int v) { return v; })).next();
}
