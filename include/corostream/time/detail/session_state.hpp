#pragma once

#include <corostream/core/batch.hpp>
#include <corostream/time/detail/held.hpp>
#include <corostream/time/detail/keyed_window.hpp>
#include <corostream/time/detail/parted.hpp>
#include <corostream/time/detail/per_key.hpp>
#include <corostream/time/detail/session_part.hpp>
#include <corostream/time/detail/session_updates.hpp>
#include <corostream/time/detail/window_options.hpp>
#include <corostream/time/window_result.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <tuple>
#include <utility>
#include <vector>

namespace corostream::detail {

/// The open sessions of a stream; see `pane_state` for what its members do. A session of several
/// partitions is put together when it is emitted.
template <class Windows, class Aggregate, bool TellsAgain>
class session_state : public parted<session_part<Aggregate, TellsAgain>> {
    using part = session_part<Aggregate, TellsAgain>;
    using base = parted<part>;
    using base::at, base::known, base::parts_, base::allowed_, base::current_, base::partition_;
    using session = typename part::session;
    using number = typename part::number;
    using whole = keyed_window<Aggregate>;
    using part_type = typename per_key<Aggregate>::part;

public:
    using result = window_result<typename Aggregate::result>;
    using share_type = typename Aggregate::share;
    static constexpr bool needs_copies = false;

    session_state(Windows windows, const window_options& options, Aggregate aggregate)
        : base(options.allowed)
        , gap_(windows.gap())
        , aggregate_(std::move(aggregate))
    {
    }

    template <class Input>
    verdict add(const moment& m, Input&& v)
    {
        return current_->add(
            m, gap_, std::forward<Input>(v), {partition_, m.offset, m.time}, aggregate_);
    }
    static void start(time_point) {}

    time_point next_end() const
    {
        if (!ready_.empty()) return ready_.front().end_time();
        auto next = never;
        for (const auto& p : parts_) {
            if (!p.looks.empty()) next = std::min(next, p.looks.top().time);
            if (!p.told.dues.empty()) next = std::min(next, p.told.dues.top().time);
        }
        return next;
    }
    held hold(partition_id p) const
    {
        auto first = known(p) ? at(p).hold() : held{};
        const auto i = static_cast<std::size_t>(p);
        if (i < ready_hold_.size()) first.include(ready_hold_[i]);
        return first;
    }
    time_point emitted(partition_id p) const
    {
        if (!known(p)) return time_point::min();
        if (allowed_ > duration::zero()) return at(p).out_for_good;
        // of several that end at once some may be out: all of them are emitted again
        return ready_.empty() ? at(p).emitted : at(p).before;
    }
    time_point oldest(partition_id p) const
    {
        auto oldest = never;
        if (!known(p) || at(p).looks.empty()) return oldest;
        for (auto n = at(p).first(at(p).looks.top().number); n != part::none; n = at(p)[n].next)
            oldest = std::min(oldest, at(p)[n].begin);
        return oldest;
    }
    template <class Emit>
    bool fire(time_point watermark, Emit emit)
    {
        bool any = false;
        for (;;) {
            while (!ready_.empty()) {
                any = true;
                const bool wanted = emit(std::move(ready_.front()));
                ready_.pop_front();
                if (!wanted) return true;
            }
            ready_hold_.clear();
            const auto end = next_end();
            if (end > watermark || end == never) break;
            make_ready(end);
        }
        if constexpr (TellsAgain) updates().forget(watermark);
        return any;
    }

    template <class Emit>
    bool flush(time_point, Emit emit)
    {
        if (allowed_ == duration::zero()) return fire(never - duration(1), emit);
        return fire_in_turn(*this, [this] { return next_end(); }, emit);
    }

    template <class Emit>
    bool peek(Emit emit)
    {
        struct told {
            session* of;
            time_point begin, end; // of the whole
        };
        std::vector<told> news;
        std::vector<whole> all;
        std::vector<session*> taken;
        for (std::size_t p = 0; p < parts_.size(); ++p)
            for (const auto slot : parts_[p].of_key.numbers())
                for (auto n = parts_[p].first(slot); n != part::none; n = parts_[p][n].next) {
                    const auto& s = parts_[p][n];
                    if (s.taken || s.end <= parts_[p].emitted) continue;
                    const auto members = members_of({p, slot, n});
                    for (const auto& m : members.all) taken.push_back(&of(m));
                    if (!std::any_of(members.all.begin(), members.all.end(),
                            [this](const member& m) { return of(m).changed; }))
                        continue;
                    whole w{{members.begin, members.end}, parts_[p].of_key.key(slot),
                        emission::early};
                    for (const auto& m : members.all) {
                        add(w, m, part_type(of(m).of));
                        of(m).changed = false;
                        news.push_back({&of(m), w.bounds.begin, w.bounds.end});
                    }
                    all.push_back(std::move(w));
                }
        for (auto* s : taken) s->taken = false;
        for (auto& r : results_of(std::move(all), aggregate_)) {
            const auto begin = r.begin_time(), end = r.end_time();
            if (emit(std::move(r))) continue;
            for (const auto& n : news) // the others are told the next time
                n.of->changed = std::tie(end, begin) < std::tie(n.end, n.begin);
            return false;
        }
        return true;
    }

private:
    struct member {
        std::size_t part;
        number slot, session;
    };
    struct member_list {
        time_point begin, end, joins_from;
        std::vector<member> all;
    };
    session& of(const member& m) { return parts_[m.part][m.session]; }

    /// `m` and the sessions of its key in other partitions that are one with it, marked as taken.
    member_list members_of(const member& m)
    {
        auto& s = of(m);
        member_list found{s.begin, s.end, s.joins_from, {m}};
        s.taken = true;
        const auto& key = parts_[m.part].of_key.key(m.slot);
        for (bool grew = parts_.size() > 1; grew;) {
            grew = false;
            for (std::size_t q = 0; q < parts_.size(); ++q) {
                const auto slot = q == m.part ? m.slot : parts_[q].of_key.find(key);
                if (slot == part::slots::none) continue;
                for (auto n = parts_[q].first(slot); n != part::none; n = parts_[q][n].next) {
                    auto& o = parts_[q][n];
                    if (o.taken || o.joins_from >= found.end || found.joins_from >= o.end) continue;
                    o.taken = grew = true;
                    found.begin = std::min(found.begin, o.begin);
                    found.joins_from = std::min(found.joins_from, o.joins_from);
                    found.end = std::max(found.end, o.end);
                    found.all.push_back({q, slot, n});
                }
            }
        }
        return found;
    }

    void add(whole& into, const member& m, part_type&& values)
    {
        into.add({static_cast<partition_id>(m.part), of(m).first_offset, of(m).begin},
            std::move(values), aggregate_);
    }

    /// Takes out the sessions that end at `end`, all that the looks of then find.
    void make_ready(time_point end)
    {
        std::vector<whole> due;
        for (std::size_t p = 0; p < parts_.size(); ++p) {
            auto& looks = parts_[p].looks;
            while (!looks.empty() && looks.top().time == end) {
                const auto slot = looks.top().number;
                looks.pop();
                look_at(p, slot, end, due);
            }
        }
        for (auto& p : parts_)
            if (p.present) p.before = std::exchange(p.emitted, std::max(p.emitted, end));
        if constexpr (TellsAgain) updates().tell(end, due);
        for (auto& r : results_of(std::move(due), aggregate_))
            ready_.push_back(std::move(r));
    }

    void look_at(std::size_t p, number slot, time_point end, std::vector<whole>& due)
    {
        auto& here = parts_[p];
        for (auto n = here.first(slot); n != part::none;) {
            const auto at_hand = n;
            auto& s = here[n];
            n = s.next;
            if (s.looked_at != end) continue;
            if (s.end > end) {
                here.look_again(s, slot, s.end);
                continue;
            }
            const auto members = members_of({p, slot, at_hand});
            if (members.end > end) { // with another partition it goes on
                for (const auto& m : members.all) of(m).taken = false;
                here.look_again(s, slot, members.end);
                continue;
            }
            take_out(members, due);
            n = here.first(slot);
        }
    }

    void take_out(const member_list& members, std::vector<whole>& due)
    {
        if constexpr (TellsAgain) {
            if (allowed_ > duration::zero()) {
                for (const auto& m : members.all)
                    parts_[m.part].tell(m.slot, m.session, members.end);
                return;
            }
        }
        const auto& first = members.all.front();
        whole w{{members.begin, members.end}, parts_[first.part].of_key.key(first.slot)};
        for (const auto& m : members.all) {
            // what was emitted before a restart is not emitted again
            if (parts_[m.part].emitted >= members.end) continue;
            if (ready_hold_.size() <= m.part) ready_hold_.resize(m.part + 1);
            ready_hold_[m.part].include(parts_[m.part].hold(m.session));
            add(w, m, std::move(of(m).of));
        }
        if (w.of) due.push_back(std::move(w));
        for (const auto& m : members.all) parts_[m.part].erase(m.slot, m.session);
    }

    session_updates<part, Aggregate> updates() { return {parts_, allowed_, aggregate_}; }

    duration gap_;
    Aggregate aggregate_;
    std::deque<result> ready_; // due, and the sink wanted no more
    std::vector<held> ready_hold_;
};

} // namespace corostream::detail
