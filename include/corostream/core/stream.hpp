#pragma once

#include <corostream/core/clock.hpp>
#include <corostream/core/cursor.hpp>
#include <corostream/core/sink.hpp>

#include <boost/asio/awaitable.hpp>

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace corostream {

/// How a pump came out.
enum class pumped : unsigned char {
    items,   ///< a batch was pulled; the results it led to, if any, are in the sink
    timeout, ///< the deadline came first
    end,     ///< the input is over: what is held has been flushed. Stays so
    /// a graceful stop was asked for: what is held is kept back, to be read again. Stays so
    stop,
};

/// True when no pump after this one brings anything.
constexpr bool is_over(pumped p) { return p == pumped::end || p == pumped::stop; }

/// The one operation that carries everything:
///
///     awaitable<pumped> pump(Sink sink, time_point until);
///
/// pulls a batch from upstream, or a few that are at hand, and pushes every result into `sink`.
/// Demand travels up a pump at a time, so back-pressure is free; elements travel down through sinks
/// known at compile time, so a chain of element-wise stages becomes one loop. A stage that must act
/// at a time passes an earlier `until` upstream; nothing races, so nothing is lost.
///
/// Besides, a stage has `hold(partition)`, the lowest offset it or a stage above still needs
/// (`nothing_held` if none), and `source()`, where the cursor goes. One with windows has
/// `oldest_window(partition)` too.
///
/// One pump at a time. Ends with an exception when user code throws, the source fails, or the
/// operation is cancelled (`operation_aborted`); after that it must not be pumped again.
template <class S>
concept stream = std::move_constructible<S>
              && requires(S& s, const S& cs, null_sink k, time_point until, cursor& c) {
                     typename S::value_type;
                     { s.pump(k, until) } -> std::same_as<asio::awaitable<pumped>>;
                     { cs.hold(partition_id{}) } -> std::same_as<std::int64_t>;
                     s.source().snapshot(c);
                     s.source().acknowledge(std::as_const(c));
                 };

/// Whether the elements of such a stream have event time.
template <class S>
inline constexpr bool has_event_time = requires(S& s) { s.event_time(); };

/// Whether the elements are results of windows, or made of some.
template <class S>
inline constexpr bool is_of_windows = requires { requires S::of_windows; };

/// The base of a stage that sits on one upstream and holds nothing itself.
template <class Up>
class stage_over {
public:
    explicit stage_over(Up up)
        : up_(std::move(up))
    {
    }

    static constexpr bool of_windows = is_of_windows<Up>;

    std::int64_t hold(partition_id p) const { return up_.hold(p); }
    time_point oldest_window(partition_id p) const { return corostream::oldest_window(up_, p); }
    auto& source() { return up_.source(); }

    /// The clock of a stream with event time; only then is it there.
    template <class S = Up>
    auto event_time() -> decltype(std::declval<S&>().event_time())
    {
        return up_.event_time();
    }
    /// What a restart at `at` needs to know, where a stage above has windows by event time or by
    /// elements.
    template <class S = Up>
    auto resume_at(const position& at, std::int64_t read)
        -> decltype(std::declval<S&>().resume_at(at, read))
    {
        return up_.resume_at(at, read);
    }

protected:
    // NOLINTNEXTLINE(misc-non-private-member-variables-in-classes): a stage is its upstream
    Up up_;
};

} // namespace corostream
