// expect: corostream: run\(...\) needs a terminal
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

void start(const cs::asio::any_io_executor& executor)
{
    cs::run(executor, cs::from_range(std::vector{1}), [](std::exception_ptr) {});
}
