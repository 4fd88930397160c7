#pragma once

#include <boost/asio/awaitable.hpp>

/// Asks for `count` elements and drops them.
template <class Pipeline>
boost::asio::awaitable<void> read_some(Pipeline* from, int count)
{
    for (int i = 0; i < count; ++i) co_await from->next();
}
