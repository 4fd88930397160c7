#pragma once

#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/sliding_shares.hpp>

#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace corostream::detail {

/// The events of one key as `sliding_shares` of pieces, for keys of which most have one event or
/// none: that one needs 24 bytes more than its piece, and no memory of its own.
template <class Piece>
class sliding_events {
    using shares = sliding_shares<Piece, time_point, no_note>;

public:
    bool empty() const
    {
        const auto* all = several();
        return all ? all->empty() : !only();
    }
    time_point first_time() const { return several() ? several()->first_key() : only()->time; }
    time_point last_time() const { return several() ? several()->last_key() : only()->time; }

    /// Adds an event that the range does not have yet, by `extend(Piece&)` or, if there is none of
    /// that time, by `Piece make()`. Returns whether it was made.
    template <class Make, class Extend, class Merger>
    bool add(time_point time, Make make, Extend extend, Merger& merger)
    {
        if (auto* all = several()) {
            const auto [at, fresh] = all->fresh(time, {}, make);
            if (!fresh) extend(at->share);
            return fresh;
        }
        if (!only()) {
            of_.template emplace<fresh_event>(fresh_event{{time, make()}});
            return true;
        }
        if (auto* fresh = std::get_if<fresh_event>(&of_); fresh && fresh->time == time) {
            extend(fresh->of);
            return false;
        }
        make_several(merger);
        return add(time, make, extend, merger);
    }

    /// Takes events before `until` into the range.
    template <class Merger>
    void include(time_point until, Merger& merger)
    {
        if (auto* all = several()) all->include(until, merger);
        else if (auto* fresh = std::get_if<fresh_event>(&of_); fresh && fresh->time < until)
            of_ = included_event{std::move(*fresh)};
    }

    /// Adds an event that was not there when its turn was.
    template <class Merger>
    void amend(time_point time, Piece&& of, Merger& merger)
    {
        if (only()) make_several(merger);
        if (auto* all = several()) all->amend(time, {}, of, merger);
        else of_ = fresh_event{{time, std::move(of)}};
    }

    /// Lets go of events before `until`.
    template <class Merger>
    void evict(time_point until, Merger& merger)
    {
        if (auto* all = several()) all->evict(until, merger);
        else if (auto* old = std::get_if<included_event>(&of_); old && old->time < until)
            of_ = std::monostate();
    }

    /// Lets the range begin at `begin`; it is `size` long.
    template <class Merger>
    void slide(time_point begin, duration size, Merger& merger)
    {
        if (auto* all = several()) all->slide(begin, size, merger);
        else evict(begin, merger);
    }

    /// What the range comes to; nothing if it is empty. After `slide`.
    template <class Merger>
    std::optional<Piece> query(Merger& merger) const
    {
        if (const auto* all = several()) return all->query(merger);
        if (const auto* in = std::get_if<included_event>(&of_)) return in->of;
        return std::nullopt;
    }

private:
    struct event {
        time_point time;
        Piece of;
    };
    struct fresh_event : event {};
    struct included_event : event {}; // it is in the range

    shares* several()
    {
        auto* all = std::get_if<std::unique_ptr<shares>>(&of_);
        return all ? all->get() : nullptr;
    }
    const shares* several() const
    {
        const auto* all = std::get_if<std::unique_ptr<shares>>(&of_);
        return all ? all->get() : nullptr;
    }
    const event* only() const
    {
        if (const auto* fresh = std::get_if<fresh_event>(&of_)) return fresh;
        return std::get_if<included_event>(&of_);
    }

    template <class Merger>
    void make_several(Merger& merger)
    {
        auto all = std::make_unique<shares>();
        const auto& first = *only();
        all->fresh(first.time, {}, [&] { return first.of; });
        if (std::holds_alternative<included_event>(of_))
            all->include(first.time + duration(1), merger);
        of_ = std::move(all);
    }

    std::variant<std::monostate, fresh_event, included_event, std::unique_ptr<shares>> of_;
};

} // namespace corostream::detail
