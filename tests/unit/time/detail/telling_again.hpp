#pragma once

#include <corostream/core/time.hpp>
#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/window_result.hpp>
#include <support/at.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;
using cs::emission;
using cs::detail::verdict;

/// Windows that tell sums again, as data: no clock, no loop.
namespace telling_again {

using row = std::pair<std::string, int>;
using summing
    = cs::detail::keyed_reduction<row, std::string, int, cs::detail::as_pair, std::plus<>>;

struct window {
    emission what;
    cs::duration begin, end;
    std::vector<row> rows;

    friend bool operator==(const window&, const window&) = default;
    friend std::ostream& operator<<(std::ostream& out, const window& w)
    {
        out << static_cast<int>(w.what) << " [" << w.begin.count() << ", " << w.end.count() << ')';
        for (const auto& [key, sum] : w.rows) out << ' ' << key << '=' << sum;
        return out;
    }
};
using windows = std::vector<window>;

template <class State>
class driver {
public:
    explicit driver(State state)
        : state_(std::move(state))
    {
    }

    /// The next element of partition `p`.
    verdict add(cs::partition_id p, cs::duration time, cs::duration watermark, row value)
    {
        if (!state_.owns(p)) state_.resume(p);
        state_.open(p);
        return state_.add({at(time), at(watermark), offset_++}, std::move(value));
    }

    windows fire(cs::duration now, std::size_t wanted = SIZE_MAX)
    {
        windows seen;
        state_.fire(at(now), [&](auto&& r) {
            seen.push_back({r.emission(), r.begin_time().time_since_epoch(),
                r.end_time().time_since_epoch(), {r.begin(), r.end()}});
            return seen.size() < wanted;
        });
        return seen;
    }

    State* operator->() { return &state_; }

private:
    State state_;
    std::int64_t offset_ = 0;
};

} // namespace telling_again
