#pragma once

#include <corostream/core/closure.hpp>
#include <corostream/operators/variance.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <corostream/time/window_result.hpp>
#include <support/counted.hpp>
#include <support/virtual_run.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <ranges>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

/// A pipeline under the contract suite, whatever its type: its results as text, so that the suite
/// compiles once.
class erased_pipeline {
public:
    virtual ~erased_pipeline() = default;
    virtual asio::awaitable<cs::pumped> pump(cs::time_point until) = 0;
    virtual asio::awaitable<std::optional<std::string>> next() = 0;
    virtual cs::cursor snapshot() = 0;

    /// of pump: elements, "revoke(p)"; "begin" and "end" must pair
    std::vector<std::string> results;
    int open_batches = 0;
};

inline std::string show(int v) { return std::to_string(v); }
inline std::string show(std::int64_t v) { return std::to_string(v); }
inline std::string show(double v)
{
    auto text = std::to_string(v); // six digits
    while (text.back() == '0') text.pop_back();
    return text;
}
inline std::string show(const cs::spread& s)
{
    return show(s.count) + " " + show(s.mean) + " " + show(s.variance);
}
inline std::string show(const counted& v) { return std::to_string(v.number()); }
template <class K, class V>
std::string show(const std::pair<K, V>& p)
{
    return show(p.first) + ":" + show(p.second);
}
template <class T>
std::string show(const std::optional<T>& v)
{
    return v ? show(*v) : "none";
}
template <class A, class B>
std::string show(const std::tuple<A, B>& t)
{
    return show(std::get<0>(t)) + "," + show(std::get<1>(t));
}
template <class T>
std::string show(const cs::window_result<T>& w)
{
    auto text = "[" + std::to_string(w.begin_time().time_since_epoch() / 1s) + ")";
    if constexpr (std::ranges::range<const T>)
        for (const auto& row : w) text += " " + show(row);
    else text += " " + show(w.value());
    return text;
}

template <class Stage>
class erased final : public erased_pipeline {
    using value = typename Stage::value_type;

public:
    explicit erased(cs::pipeline<Stage> p)
        : pipeline_(std::move(p))
    {
    }

    asio::awaitable<cs::pumped> pump(cs::time_point until) override
    {
        if (!stage_) stage_.emplace(std::move(pipeline_).release());
        return stage_->pump(sink{this}, until);
    }
    asio::awaitable<std::optional<std::string>> next() override
    {
        auto v = co_await pipeline_.next();
        if (!v) co_return std::nullopt;
        co_return std::optional<std::string>(show(*v));
    }
    cs::cursor snapshot() override
    {
        cs::cursor c;
        cs::take_snapshot(*stage_, c);
        return c;
    }

private:
    struct sink {
        erased* out;
        void begin(const cs::batch&) { ++out->open_batches; }
        bool push(value&& v, const cs::element&)
        {
            auto mine = std::move(v);
            out->results.push_back(show(mine));
            return true;
        }
        void end(const cs::batch&) { --out->open_batches; }
        void revoke(cs::partition_id p)
        {
            out->results.push_back("revoke(" + std::to_string(p) + ")");
        }
    };

    cs::pipeline<Stage> pipeline_;
    std::optional<Stage> stage_;
};

/// What the operators under test call for each element: throws at the number `bomb`.
struct fuse {
    int bomb = 0;
    int operator()(int v) const
    {
        if (v == bomb) throw std::domain_error("boom");
        return v;
    }
    int operator()(const counted& v) const { return (*this)(v.number()); }
};

/// One operator, or a few composed, under the contract suite: over elements that can only be moved,
/// so nothing copies them.
struct contract_case {
    std::string name;
    /// Puts the operator over a source.
    std::function<std::unique_ptr<erased_pipeline>(cs::testing::script<move_only>&, fuse)> over;
    std::vector<std::string> of_1_to_6; ///< what it makes of 1, 2, 3, 4, 5, 6, all at time 0
    bool windows = false;               ///< holds them until the window's end, at 4 s
    bool ends_early = false;            ///< at 4
    /// Of windows by event time, which end with the input: the begin of the first one of time 0.
    std::optional<cs::duration> by_event_time{};
};

inline void PrintTo(const contract_case& c, std::ostream* out) { *out << c.name; }

/// `make(fuse)` yields a closure.
template <class Make>
auto over(Make make)
{
    return
        [make](cs::testing::script<move_only>& input, fuse f) -> std::unique_ptr<erased_pipeline> {
            auto p = input.stream() | make(f);
            using stage = decltype(std::move(p).release());
            return std::make_unique<erased<stage>>(std::move(p));
        };
}

/// Every operator: a new one gets a line in one of these.
std::vector<contract_case> element_wise_cases();
std::vector<contract_case> window_cases();
