#pragma once

#include <corostream/time/detail/grid.hpp>
#include <corostream/time/detail/session_state.hpp>
#include <corostream/time/detail/state_for.hpp>

namespace corostream {

/// Windows of one key's activity: elements of a key that are less than `gap` apart, however many,
/// from the first to `gap` after the last. Each element is a session `[time, time + gap)`, and
/// sessions that overlap are one; two that only touch are not, since the first is over then.
///
/// Of a keyed aggregate, such as `count_by`, each key has sessions of its own; sessions with the
/// same bounds come in one result. Without keys the whole stream is one.
///
/// Holds a share a key, partition and open session, some 91 bytes besides key and value; an element
/// costs a look-up of its key, a look at each open session of that, and a merge for each session
/// that it makes one with another.
class session {
public:
    /// Throws `std::invalid_argument` unless `gap` is positive and no more than 1000 years.
    explicit session(duration gap)
        : gap_(gap)
    {
        detail::require_positive("gap", gap);
    }

    duration gap() const { return gap_; } ///< without an element, after which one is over

private:
    duration gap_;
};

namespace detail {

template <>
struct state_for<session> {
    template <class Aggregate, bool TellsAgain>
    using type = session_state<session, Aggregate, TellsAgain>;
};

} // namespace detail

} // namespace corostream
