#pragma once

#include <corostream/time/detail/pane_state.hpp>

namespace corostream::detail {

/// Which state goes with a kind of windows: panes, unless its header says otherwise.
template <class Windows>
struct state_for {
    template <class Aggregate, bool TellsAgain>
    using type = pane_state<Windows, Aggregate, TellsAgain>;
};

} // namespace corostream::detail
