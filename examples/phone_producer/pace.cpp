#include <phone_producer/pace.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace phone_producer {

pace::pace(const boost::asio::any_io_executor& executor, double rate)
    : executor_(executor)
    , due_(executor)
    , rate_(rate)
    , start_(due_.clock().now())
{
}

boost::asio::awaitable<void> pace::turn()
{
    constexpr unsigned fair
        = 128; // at full speed, so many turns before the loop's other tasks get theirs
    const auto turn = turns_++;
    if (turns_ % fair == 0) co_await boost::asio::post(executor_, boost::asio::use_awaitable);
    if (rate_ == 0) co_return;
    const corostream::duration since(
        static_cast<std::int64_t>(static_cast<double>(turn) * 1e6 / rate_));
    while (due_.clock().now() < start_ + since) co_await due_.wait(start_ + since);
}

} // namespace phone_producer
