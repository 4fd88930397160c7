// expect: corostream: run\(...\) needs a terminal
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto s = cs::from_range(std::vector{1});
cs::asio::awaitable<void> count() { co_await cs::run(s); }
