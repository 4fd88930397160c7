// expect: corostream: name the job before you await it
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto numbers() { return cs::from_range(std::vector{1}); }
cs::asio::awaitable<void> count()
{
    co_await cs::run(numbers() | cs::for_each([](int) {}));
}
