#include <corostream/corostream.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <vector>

namespace cs = corostream;

int narrowed(long value) { return value; } // a warning where corostream is developed, not here

boost::asio::awaitable<void> doubled()
{
    auto pipe = cs::from_range(std::vector{1L, 2L, 3L})
              | cs::map([](long i) { return i * 2; })
              | cs::collect();
    auto numbers = co_await cs::run(pipe);
    for (auto number : numbers) std::printf("%d ", narrowed(number));
    std::puts(cs::version.data());
}

int main()
{
    boost::asio::io_context context;
    boost::asio::co_spawn(context, doubled(), boost::asio::detached);
    context.run();
}
