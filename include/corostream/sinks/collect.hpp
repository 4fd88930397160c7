#pragma once

#include <corostream/core/closure.hpp>
#include <corostream/core/run.hpp>

#include <utility>
#include <vector>

namespace corostream {

namespace detail {

template <class Value>
class collect_terminal {
public:
    using result_type = std::vector<Value>;

    auto sink() { return append_sink{{}, &values_}; }
    result_type result() { return std::move(values_); }

private:
    struct append_sink : null_sink {
        std::vector<Value>* values;
        bool push(Value&& v, const element&)
        {
            values->push_back(std::move(v));
            return true;
        }
    };

    std::vector<Value> values_;
};

class collect_closure : public closure {
public:
    template <stream Up>
    auto operator()(Up up) &&
    {
        using terminal = collect_terminal<typename Up::value_type>;
        return synchronous_job<Up, terminal>(std::move(up), terminal());
    }
};

} // namespace detail

/// Ends a pipeline: gathers all its elements. Yields a job for `run`, whose result is a
/// `std::vector` of them.
///
/// For streams that end. An element that is a view is gathered as one: map it to something that
/// owns its bytes first. Completes with the stream. Cost: memory for all elements.
inline auto collect() { return detail::collect_closure(); }

} // namespace corostream
