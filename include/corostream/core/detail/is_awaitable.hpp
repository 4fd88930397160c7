#pragma once

namespace corostream::detail {

/// Whether `R` is an `asio::awaitable`: what a coroutine returns, which does nothing unless it is
/// awaited.
template <class R>
inline constexpr bool is_awaitable = requires { typename R::executor_type; };

} // namespace corostream::detail
