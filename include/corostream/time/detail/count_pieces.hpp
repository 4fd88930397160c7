#pragma once

#include <corostream/core/cursor.hpp>
#include <corostream/time/detail/held_groups.hpp>
#include <corostream/time/detail/make_room.hpp>
#include <corostream/time/detail/sliding_shares.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace corostream::detail {

/// Of windows of so many elements: their size, how far the next one begins, and the panes that all
/// are made of.
struct count_sizes {
    std::int64_t size, hop, pane;
};

/// The elements of one key that are not in a full window, counted from the first of these. Those of
/// one pane have their place here; the `Rest`, that which takes more, few keys may need at a time.
template <class Piece, class Rest>
class open_pieces {
public:
    /// A window that is full.
    struct window {
        Piece of;
        log_place through;         ///< once it is told, elements up to there are needed no more
        held_groups::number first; ///< those are held by this
    };

    time_point end = time_point::min(); ///< of the last window that was filled

    const log_place& last() const { return last_; } ///< element of the key
    bool empty() const { return count_ == 0; }

protected:
    static constexpr held_groups::number none = 0xFFFFFFFF;

    template <class Hold>
    void reach(const log_place& at, Hold& hold)
    {
        last_ = at;
        if (first_ == none) first_ = hold();
    }

    // NOLINTBEGIN(misc-non-private-member-variables-in-classes): a base without a purpose alone
    Piece open_;
    std::int64_t count_ = 0;
    std::unique_ptr<Rest> rest_;
    log_place last_{-1};
    held_groups::number first_ = none; // holds the hop that is being filled
    // NOLINTEND(misc-non-private-member-variables-in-classes)
};

/// What takes more than a pane of sized windows.
template <class Piece>
struct sized_rest {
    /// Its last element, and what holds its first.
    struct hop {
        std::int64_t offset;
        std::uint32_t number;
        held_groups::number first;
        log_place last() const { return {offset, number}; }
    };
    std::int64_t begin = 0; // of the first window that is not full
    std::vector<hop> hops;  // that have all their elements
    std::size_t next = 0;   // of those, the first of that window
    sliding_shares<Piece, std::int64_t, no_note> panes; // by their first element, from `begin` = 0
};

/// Those of windows that have a size.
template <class Piece>
class sized_pieces : public open_pieces<Piece, sized_rest<Piece>> {
    using base = open_pieces<Piece, sized_rest<Piece>>;
    using base::open_, base::count_, base::rest_, base::last_, base::first_, base::none;

public:
    using typename base::window;

    /// Where the next element goes, which is at `at`; if it begins a hop, that is held by `hold()`.
    template <class Hold>
    Piece& next(const count_sizes& in, const log_place& at, Hold hold)
    {
        base::reach(at, hold);
        if (!rest_ && count_ < in.pane) return open_;
        const auto pane = rest().begin + count_ / in.pane * in.pane;
        return rest_->panes.fresh(pane, {}).first->share;
    }
    /// It has gone there. Tells whether a window is full.
    bool count(const count_sizes& in)
    {
        ++count_;
        if (in.hop < in.size && count_ % in.hop == 0) close_hop();
        return count_ == in.size;
    }
    /// Takes the window out that is full or, after `finish`, as full as it gets.
    template <class Merger>
    window take(const count_sizes& in, Merger& merger)
    {
        if (!rest_) { // only one pane
            count_ = 0;
            return {std::exchange(open_, {}), last_, std::exchange(first_, none)};
        }
        auto& [begin, hops, next, panes] = *rest_;
        panes.include(begin + count_, merger);
        panes.slide(begin, in.size, merger);
        window full{*panes.query(merger), hops[next].last(), hops[next].first};
        count_ = std::max<std::int64_t>(count_ - in.hop, 0);
        begin += in.hop;
        panes.evict(begin, merger);
        ++next;
        return full;
    }
    /// No element will follow.
    void finish()
    {
        if (rest_ && first_ != none) close_hop();
    }
    /// They are needed no more; `release` takes what held them. The next window begins with a hop.
    template <class Release>
    void clear(const count_sizes& in, Release release)
    {
        if (first_ != none) release(std::exchange(first_, none));
        const auto hops = (std::exchange(count_, 0) + in.hop - 1) / in.hop;
        open_ = {};
        if (in.hop == in.size) return;
        for (auto i = rest().next; i < rest_->hops.size(); ++i) release(rest_->hops[i].first);
        const auto begin = rest_->begin + hops * in.hop; // what is merged with what goes by it
        *rest_ = {};
        rest_->begin = begin;
    }

private:
    sized_rest<Piece>& rest()
    {
        if (rest_) return *rest_;
        rest_ = std::make_unique<sized_rest<Piece>>();
        rest_->panes.fresh(0, {}, [this] { return std::exchange(open_, {}); });
        return *rest_;
    }
    void close_hop()
    {
        auto& [begin, hops, next, panes] = rest();
        if (make_room(hops, next)) next = 0;
        hops.push_back(
            {last_.offset, static_cast<std::uint32_t>(last_.number), std::exchange(first_, none)});
    }
};

/// Those of a window that has no end.
template <class Piece>
class endless_pieces : public open_pieces<Piece, Piece> {
    using base = open_pieces<Piece, Piece>;
    using base::open_, base::count_, base::rest_, base::last_, base::first_;

public:
    using typename base::window;

    template <class Hold>
    Piece& next(const count_sizes&, const log_place& at, Hold hold)
    {
        base::reach(at, hold);
        return open_;
    }
    bool count(const count_sizes& in) { return ++count_ == in.hop; }
    /// The window as it is; it stays.
    template <class Merger>
    window take(const count_sizes&, Merger& merger)
    {
        if (!rest_) rest_ = std::make_unique<Piece>();
        merger.merge(*rest_, std::exchange(open_, {}));
        count_ = 0;
        return {*rest_, last_, first_};
    }
};

} // namespace corostream::detail
