#pragma once

// The kinds of windows, each with the state that holds them and what the oracle expects.

#include "windows_case.hpp"

#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/time/cumulative.hpp>
#include <corostream/time/detail/state_for.hpp>
#include <corostream/time/detail/window_options.hpp>
#include <corostream/time/elements.hpp>
#include <corostream/time/global.hpp>
#include <corostream/time/hopping.hpp>
#include <corostream/time/session.hpp>
#include <corostream/time/sliding.hpp>
#include <corostream/time/tumbling.hpp>

#include <cstdint>

namespace windows_property {

using reduction = cs::detail::keyed_reduction<row, int, oracle::members, cs::detail::as_pair,
    oracle::join>;

template <bool TellsAgain = false, class Windows>
auto state_of(const Windows& windows, const cs::detail::window_options& options = {})
{
    using state = typename cs::detail::state_for<Windows>::template type<reduction, TellsAgain>;
    return state(windows, options, reduction({}, {}));
}

inline std::int64_t pick_offset(random_source& random, std::int64_t size)
{
    return random.one_in(2) ? 0 : random.pick(1 - size, size - 1);
}

struct tumbling {
    std::int64_t size, offset;

    explicit tumbling(random_source& random)
        : size(random.pick(1, 20))
        , offset(pick_offset(random, size))
    {
    }
    auto state(const workload& w) const
    {
        return state_of(windows(), {.emit_empty = w.emit_empty});
    }
    cs::tumbling windows() const { return cs::tumbling(cs::duration(size), cs::duration(offset)); }
    auto windows_of(std::int64_t time) const { return oracle::hopping(size, size, offset, time); }
    auto end_after(std::int64_t time) const { return windows_of(time).at(0).second; }
    oracle::outcome expected(const workload& w) const
    {
        auto o = oracle::on_a_grid(
            w.log, w.bound, [&](auto time) { return windows_of(time); });
        if (w.emit_empty)
            oracle::add_empty(
                o.results, [&](auto end) { return end + size; },
                [&](auto end) { return end - size; });
        return o;
    }
};

struct hopping {
    std::int64_t size, hop, offset;

    explicit hopping(random_source& random)
        : size(random.pick(1, 20))
        , hop(random.pick(1, size))
        , offset(pick_offset(random, hop))
    {
    }
    auto state(const workload& w) const
    {
        return state_of(windows(), {.emit_empty = w.emit_empty});
    }
    cs::hopping windows() const
    {
        return {cs::duration(size), cs::duration(hop), cs::duration(offset)};
    }
    auto windows_of(std::int64_t time) const { return oracle::hopping(size, hop, offset, time); }
    auto end_after(std::int64_t time) const { return windows_of(time).at(0).second; }
    oracle::outcome expected(const workload& w) const
    {
        auto o = oracle::on_a_grid(
            w.log, w.bound, [&](auto time) { return windows_of(time); });
        if (w.emit_empty)
            oracle::add_empty(
                o.results, [&](auto end) { return end + hop; },
                [&](auto end) { return end - size; });
        return o;
    }
};

struct cumulative {
    std::int64_t step, size, offset;

    explicit cumulative(random_source& random)
        : step(random.pick(1, 6))
        , size(step * random.pick(1, 5))
        , offset(pick_offset(random, size))
    {
    }
    auto state(const workload& w) const
    {
        return state_of(windows(), {.emit_empty = w.emit_empty});
    }
    cs::cumulative windows() const
    {
        return {cs::duration(step), cs::duration(size), cs::duration(offset)};
    }
    auto windows_of(std::int64_t time) const
    {
        return oracle::cumulative(step, size, offset, time);
    }
    auto end_after(std::int64_t time) const { return windows_of(time).at(0).second; }
    oracle::outcome expected(const workload& w) const
    {
        auto o = oracle::on_a_grid(
            w.log, w.bound, [&](auto time) { return windows_of(time); });
        if (w.emit_empty)
            oracle::add_empty(
                o.results, [&](auto end) { return end + step; },
                [&](auto end) { return oracle::cumulative(step, size, offset, end - 1)[0].first; });
        return o;
    }
};

struct global {
    std::int64_t step;

    explicit global(random_source& random)
        : step(random.pick(1, 20))
    {
    }
    auto state(const workload&) const
    {
        return state_of(cs::global(cs::every(cs::duration(step))));
    }
    oracle::outcome expected(const workload& w) const
    {
        return oracle::global(
            w.log, w.bound, step, oracle::last_watermark(w.log, w.bound, w.partitions));
    }
};

struct global_by_count {
    std::int64_t step;

    explicit global_by_count(random_source& random)
        : step(random.pick(1, 8))
    {
    }
    auto state(const workload&) const { return state_of(cs::global(cs::every(step))); }
    oracle::outcome expected(const workload& w) const
    {
        return oracle::global_by_count(w.log, w.bound, step);
    }
};

struct session {
    std::int64_t gap;

    explicit session(random_source& random)
        : gap(random.pick(1, 20))
    {
    }
    auto state(const workload&) const
    {
        return state_of(windows());
    }
    cs::session windows() const { return cs::session(cs::duration(gap)); }
    oracle::outcome expected(const workload& w) const
    {
        return oracle::sessions(w.log, w.bound, gap);
    }
    oracle::outcome expected_allowing(const workload& w, std::int64_t late) const
    {
        return oracle::sessions_allowing(w.log, w.bound, gap, late);
    }
};

struct sliding {
    std::int64_t size;

    explicit sliding(random_source& random)
        : size(random.pick(1, 20))
    {
    }
    auto state(const workload&) const { return state_of(windows()); }
    cs::sliding windows() const { return cs::sliding(cs::duration(size)); }
    oracle::outcome expected(const workload& w) const
    {
        return oracle::sliding(w.log, w.bound, size);
    }
    oracle::outcome expected_allowing(const workload& w, std::int64_t late) const
    {
        return oracle::sliding_allowing(w.log, w.bound, size, late);
    }
};

struct elements {
    std::int64_t size, hop;

    explicit elements(random_source& random)
        : size(random.pick(1, 8))
        , hop(random.one_in(2) ? size : random.pick(1, size))
    {
    }
    auto state(const workload&) const
    {
        return state_of(cs::elements(size, hop));
    }
    oracle::outcome expected(const workload& w) const
    {
        return oracle::elements(w.log, w.bound, size, hop);
    }
};

/// Windows that are told again for late records.
template <class Kind>
struct allowing {
    Kind kind;
    std::int64_t late;

    explicit allowing(random_source& random)
        : kind(random)
        , late(random.pick(0, 25))
    {
    }
    auto state(const workload&) const
    {
        return state_of<true>(kind.windows(), {.allowed = cs::duration(late)});
    }
    oracle::outcome expected(const workload& w) const
    {
        if constexpr (requires { kind.expected_allowing(w, late); })
            return kind.expected_allowing(w, late);
        else // on a grid
            return oracle::allowing(
                w.log, w.bound, late, [&](auto time) { return kind.windows_of(time); },
                [&](auto time) { return kind.end_after(time); });
    }
};

/// Windows that are told early, too, which `expected` leaves out.
template <class Kind>
struct early : Kind {
    using Kind::Kind;
    auto state(const workload& w) const
    {
        return state_of<true>(Kind::windows(), {.emit_empty = w.emit_empty});
    }
};

} // namespace windows_property
