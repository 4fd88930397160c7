#pragma once

#include <corostream/core/closure.hpp>
#include <corostream/core/run.hpp>

#include <cstddef>
#include <limits>
#include <utility>
#include <variant>
#include <vector>

namespace corostream::testing {

/// Writes down what a stage sends it, in order. `sink()` is for pumping a stage by hand,
/// `record(...)` ends a pipeline. Must outlive both. Distinct objects: safe. Shared objects:
/// unsafe.
template <class Value>
class recording {
public:
    struct begun {
        batch info;
    };
    struct pushed {
        Value value;
        element at;
    };
    struct ended {
        batch info;
    };
    struct revoked {
        partition_id partition;
    };
    using event = std::variant<begun, pushed, ended, revoked>;

    /// After `wanted` elements it asks for no more, once; then it takes `wanted` more.
    explicit recording(std::size_t wanted = std::numeric_limits<std::size_t>::max())
        : wanted_(wanted)
    {
    }

    /// A sink that writes into this object.
    auto sink() { return writer{this}; }

    const std::vector<event>& events() const { return events_; }

    /// The elements alone.
    std::vector<const pushed*> elements() const
    {
        std::vector<const pushed*> all;
        for (const auto& e : events_)
            if (auto* p = std::get_if<pushed>(&e)) all.push_back(p);
        return all;
    }

private:
    struct writer {
        recording* into;

        void begin(const batch& b) { into->events_.push_back(begun{b}); }
        bool push(Value&& v, const element& e)
        {
            into->events_.push_back(pushed{std::move(v), e});
            return ++into->seen_ % into->wanted_ != 0;
        }
        void end(const batch& b) { into->events_.push_back(ended{b}); }
        void revoke(partition_id p) { into->events_.push_back(revoked{p}); }
    };

    std::vector<event> events_;
    std::size_t wanted_, seen_ = 0;
};

namespace detail {

template <class Value>
class recording_terminal {
public:
    using result_type = void;

    explicit recording_terminal(recording<Value>& into)
        : into_(&into)
    {
    }

    auto sink() { return into_->sink(); }
    void result() {}

private:
    recording<Value>* into_;
};

template <class Value>
class record_closure : public closure {
public:
    explicit record_closure(recording<Value>& into)
        : into_(&into)
    {
    }

    template <stream Up>
    auto operator()(Up up) &&
    {
        using terminal = recording_terminal<Value>;
        return synchronous_job<Up, terminal>(std::move(up), terminal(*into_));
    }

private:
    recording<Value>* into_;
};

} // namespace detail

/// Ends a pipeline: writes everything that reaches it into `into`. Yields a job for `run`; each
/// batch is acknowledged.
template <class Value>
auto record(recording<Value>& into)
{
    return detail::record_closure<Value>(into);
}

} // namespace corostream::testing
