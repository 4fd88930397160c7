#pragma once

#include <corostream/core/batch.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace corostream {

/// Receives the elements of a stream, a batch at a time:
/// - `begin(batch)`, then `push(value, element)` for each element, then `end(batch)`;
/// - `push` takes an rvalue and returns whether more is wanted: after `false` the source leaves the
///   rest of the batch
///   unread and unconsumed, and goes on to `end`;
/// - `revoke(partition)`, between batches: the partition was taken away, and with it all that is
///   held of it.
///
/// A sink is a handful of pointers, passed by value: the stages own the state and outlive the call.
template <class K, class Value>
concept sink_for = std::is_trivially_copyable_v<K>
                && requires(K& k, Value&& value, const element& e, const batch& b, partition_id p) {
                       k.begin(b);
                       { k.push(std::move(value), e) } -> std::same_as<bool>;
                       k.end(b);
                       k.revoke(p);
                   };

/// The base of a sink that passes batches on to `next` and only looks at elements.
template <class Next>
struct forwarding_sink {
    Next next;

    void begin(const batch& b) { next.begin(b); }
    void end(const batch& b) { next.end(b); }
    void revoke(partition_id p) { next.revoke(p); }
};

/// A sink that does nothing: the concept check's stand-in, and a terminal's base.
struct null_sink {
    void begin(const batch&) {}
    template <class Value>
    bool push(Value&&, const element&)
    {
        return true;
    }
    void end(const batch&) {}
    void revoke(partition_id) {}
};

} // namespace corostream
