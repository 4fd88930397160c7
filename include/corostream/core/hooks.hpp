#pragma once

#include <corostream/core/stream.hpp>

#include <exception>

namespace corostream {

/// Hooks are any type with at least one of these members; what it lacks is not called, at no cost:
///
/// | member | called |
/// |---|---|
/// | `on_begin(const batch&)` | before a batch's first element |
/// | `on_element(const Value&, const element&)` | for each element |
/// | `on_end(const batch&)` | after a batch has passed all stages below |
/// | `on_revoke(partition_id)` | when a partition was taken away |
/// | `on_pumped(pumped)` | after each pump, with its outcome |
/// | `on_error(std::exception_ptr)` | once, with what ends the stream |
///
/// They run on the pipeline's executor and must not block.
template <class H, class Value>
concept hooks_over
    = requires(H& h, const batch& b) { h.on_begin(b); }
   || requires(H& h, const batch& b) { h.on_end(b); }
   || requires(H& h, const Value& v, const element& e) { h.on_element(v, e); }
   || requires(H& h) { h.on_revoke(partition_id{}); } || requires(H& h) { h.on_pumped(pumped{}); }
   || requires(H& h, std::exception_ptr error) { h.on_error(error); };

} // namespace corostream
