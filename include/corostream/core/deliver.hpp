#pragma once

#include <corostream/core/error.hpp>
#include <corostream/core/sink.hpp>

#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>

namespace corostream::detail {

/// Pushes one batch of partition 0: `each(push)` calls `push(value)` for its values, as long as
/// that returns that more is wanted. `offset` counts what was pushed. An exception from a stage or
/// a value comes out as an `element_error` that names `source` and the offset.
template <class Sink, class Each>
void push_batch(
    Sink sink, std::string_view source, time_point arrival, std::int64_t& offset, Each each)
{
    batch b{.partition = 0, .arrival = arrival, .next_offset = offset};
    auto at = offset;
    sink.begin(b);
    try {
        each([&]<class Value>(Value&& value) {
            const bool wanted = sink.push(std::forward<Value>(value), element{arrival, at});
            ++at;
            return wanted;
        });
    } catch (...) {
        throw element_error(source, 0, at);
    }
    offset = b.next_offset = at;
    sink.end(b);
}

/// The same for coroutines: never inlined into them, so that the loop's variables live in registers
/// and not in a coroutine's frame.
template <class Sink, class Each>
[[gnu::noinline]] void deliver(
    Sink sink, std::string_view source, time_point arrival, std::int64_t& offset, Each each)
{
    push_batch(sink, source, arrival, offset, std::move(each));
}

} // namespace corostream::detail
