#pragma once

#include <corostream/core/pipeline.hpp>

#include <cstdint>
#include <utility>
#include <vector>

/// A stage that pushes all its values at once, without a coroutine: `push_all` tests an
/// element-wise operator as a plain function.
template <class Value>
class instant_source : public corostream::replayable_source {
public:
    using value_type = Value;

    explicit instant_source(std::vector<Value> values)
        : values_(std::move(values))
    {
    }

    template <class Sink>
    boost::asio::awaitable<corostream::pumped> pump(Sink sink, corostream::time_point)
    {
        corostream::batch b;
        sink.begin(b);
        for (auto& v : values_) {
            ++read;
            const corostream::element e{
                corostream::time_point(corostream::duration(100 + b.next_offset)), b.next_offset};
            ++b.next_offset;
            if (!sink.push(std::move(v), e)) break;
        }
        sink.end(b);
        return {};
    }

    instant_source& source() { return *this; }

    int read = 0;

private:
    std::vector<Value> values_;
};

template <class Value>
auto instantly(std::vector<Value> values)
{
    return corostream::pipeline<instant_source<Value>>(instant_source<Value>(std::move(values)));
}

/// What the elements and their offsets are after a chain of element-wise operators; at most
/// `wanted` are asked for.
template <class Pipeline>
auto push_all(Pipeline pipeline, std::size_t wanted = SIZE_MAX)
{
    auto stage = std::move(pipeline).release();
    using value = typename decltype(stage)::value_type;
    struct result {
        std::vector<value> values;
        std::vector<std::int64_t> offsets;
        int read = 0;
    } all;
    struct sink : corostream::null_sink {
        result* into;
        std::size_t wanted;
        bool push(value&& v, const corostream::element& e)
        {
            into->values.push_back(std::move(v));
            into->offsets.push_back(e.offset);
            return into->values.size() < wanted;
        }
    };
    // nothing waits, so it is done now
    static_cast<void>(stage.pump(sink{{}, &all, wanted}, corostream::never));
    all.read = stage.source().read;
    return all;
}
