#pragma once

#include <corostream/core/error.hpp>
#include <corostream/core/sink.hpp>

#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>

namespace corostream::detail {

/// Pushes one batch of partition 0: `take()` for as long as `more()` and the sink wants it. `offset` counts what was pushed.
/// An exception from a stage comes out as an `element_error` that names `source` and the offset.
///
/// A plain function, so that the loop's variables live in registers and not in a coroutine frame.
template <class Sink, class More, class Take>
void deliver(Sink sink, std::string_view source, time_point arrival, std::int64_t& offset, More more, Take take)
{
    batch b { .partition = 0, .arrival = arrival, .next_offset = offset };
    auto at = offset;
    sink.begin(b);
    try {
        for (bool wanted = true; wanted && more(); ++at) {
            auto value = take();
            wanted = sink.push(std::move(value), element { arrival, at });
        }
    } catch (...) {
        throw element_error(source, 0, at);
    }
    offset = b.next_offset = at;
    sink.end(b);
}

} // namespace corostream::detail
